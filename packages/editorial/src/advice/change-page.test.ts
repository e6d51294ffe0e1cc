import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { openRegistry, type PageFields, type Registry } from '@peerpress/registry'
import { CmsError } from '../cms/cms-error.ts'
import type { PageAnswer, PageCommand } from '../cms/commands.ts'
import { createPageChanges, type PageChangesOptions } from './change-page.ts'

const title = 'Approved'

/** A page whose fields a CMS writes, with what happens while it does. */
describe('the change of a page', { timeout: 60_000 }, () => {
  let directory: string
  let registry: Registry
  let sites = 0
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-change-'))
    registry = await openRegistry({ directory })
  })
  after(async () => {
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  async function begin() {
    const { site } = await registry.sites.add({
      url: `https://change-${++sites}.example`,
      consent: 'assumed',
      allowPrivateAddresses: false,
    })
    const pages = ['1', '2'].map((post) => ({
      post,
      url: `${site.url}${post}/`,
      isChangedHalf: post === '1',
      title,
      description: null,
      seen: { title: 'Old', description: null },
    }))
    const trial = await registry.pageTrials.begin({
      site: site.id,
      kind: 'title-duplicate',
      startedBy: 'Ada',
      pages,
    })
    const changed = async () => {
      const found = (await registry.pageTrials.changes(trial.id)).find(({ isChangedHalf }) => isChangedHalf)
      assert.ok(found)
      return found
    }
    const { id } = await changed()
    /** The page, as the CMS stores it and the public sees it. */
    const page: { fields: PageFields; commands: PageCommand[]; reads: number } = {
      fields: { title: 'Old', description: null },
      commands: [],
      reads: 0,
    }
    const write = (command: PageCommand): PageAnswer => {
      page.commands.push(command)
      const earlier = page.fields
      const { expected } = command
      const isEdited = expected?.title !== undefined && expected.title !== earlier.title
      if (!isEdited) page.fields = { ...earlier, title: command.title ?? null }
      return { result: isEdited ? 'conflict' : 'written', place: 'yoast', before: earlier, now: page.fields }
    }
    const run = (given: Partial<PageChangesOptions['cms']> = {}, attempt = 1) =>
      createPageChanges({
        registry,
        cms: { writePage: async (command) => write(command), ...given },
        readPage: async () => {
          page.reads++
          return page.fields
        },
      })({ id: 'job', data: { change: id }, attempt, signal: new AbortController().signal })
    return { trial, page, write, run, changed }
  }

  test('is written, proven and written back', async () => {
    const { trial, page, run, changed } = await begin()
    await run()
    assert.deepEqual([(await changed()).status, page.fields.title], ['proven', title])
    await registry.pageTrials.rollBack(trial.id, 'Ada')
    const { reads } = page
    await run()
    assert.deepEqual([(await changed()).status, page.fields.title], ['undone', 'Old'])
    assert.equal(page.reads, reads + 1, 'so that advice is about what the page shows now')
  })

  for (const [what, end] of [
    ['ended', (id: string) => registry.pageTrials.end(id)],
    ['rolled back', (id: string) => registry.pageTrials.rollBack(id, 'Ada')],
  ] as const) {
    test(`is withdrawn if its trial is ${what} while the CMS writes it`, async () => {
      const { trial, page, write, run, changed } = await begin()
      let isFirst = true
      await run({
        writePage: async (command) => {
          if (isFirst) assert.notEqual(await end(trial.id), null)
          isFirst = false
          return write(command)
        },
      })
      assert.equal((await changed()).status, 'cancelled')
      assert.equal(page.fields.title, 'Old')
      assert.equal(page.commands.length, 2)
    })
  }

  test('is not withdrawn where somebody edited the page in the meantime', async () => {
    const { trial, page, write, run } = await begin()
    await run({
      writePage: async (command) => {
        const answer = write(command)
        if (page.commands.length === 1) {
          await registry.pageTrials.rollBack(trial.id, 'Ada')
          page.fields = { ...page.fields, title: 'By hand' }
        }
        return answer
      },
    })
    assert.equal(page.fields.title, 'By hand')
  })

  test('fails with the reason when the site does not answer for long, and at once when it refuses', async () => {
    const silent = await begin()
    const unreachable = async () => Promise.reject(new CmsError('unreachable', 'The site did not answer.'))
    await assert.rejects(silent.run({ writePage: unreachable }), { code: 'unreachable' })
    assert.equal((await silent.changed()).status, 'queued')
    await silent.run({ writePage: unreachable }, 6)
    const failed = await silent.changed()
    assert.deepEqual([failed.status, failed.error], ['failed', 'The site did not answer.'])
    const refusing = await begin()
    await refusing.run({ writePage: async () => Promise.reject(new CmsError('refused', 'No such post.')) })
    assert.equal((await refusing.changed()).status, 'failed')
  })
})
