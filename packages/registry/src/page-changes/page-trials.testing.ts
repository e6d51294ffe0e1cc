import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { refused, type SuiteContext } from '../suite.testing.ts'
import { pageChangeQueue } from './page-change.ts'

/** Trials of changes, whatever database they are in. */
export function describePageTrials(context: SuiteContext): void {
  describe('trials of changes of pages', () => {
    const page = (post: string, isChangedHalf: boolean) => ({
      post,
      url: `https://blog.example/?p=${post}`,
      isChangedHalf,
      title: `Title ${post}`,
      description: null,
      seen: { title: `Old ${post}`, description: null },
    })
    const input = (site: string, ...pages: ReturnType<typeof page>[]) => ({
      site,
      kind: 'description-missing',
      startedBy: 'Ada',
      pages,
    })
    const statuses = async (trial: string) =>
      (await context.registry().pageTrials.changes(trial)).map(({ post, status }) => [post, status])

    test('the changes of one half wait for their jobs, and those of the other half just wait', async () => {
      const { pageTrials, jobs } = context.registry()
      const { site } = await context.site('trials')
      const trial = await pageTrials.begin(input(site.id, page('1', true), page('2', false)))
      assert.deepEqual(await statuses(trial.id), [
        ['1', 'queued'],
        ['2', 'waiting'],
      ])
      const seen = Promise.withResolvers<unknown>()
      const stop = await jobs.work(pageChangeQueue, 1, async ({ data }) => seen.resolve(data))
      const [first] = await pageTrials.changes(trial.id)
      assert.deepEqual(await seen.promise, { change: first?.id })
      await stop()
      assert.deepEqual(await pageTrials.list(site.id), [trial])
      assert.deepEqual(await pageTrials.get(trial.id), trial)
    })

    test('a change has what the CMS had before, and each state once', async () => {
      const { pageTrials } = context.registry()
      const { site } = await context.site('trials-states')
      const trial = await pageTrials.begin(input(site.id, page('1', true)))
      const [{ id } = { id: '' }] = await pageTrials.changes(trial.id)
      const before = { title: null, description: 'Old' }
      const written = { from: ['queued'], to: 'written', place: 'yoast', before } as const
      const both = await Promise.all([pageTrials.record(id, written), pageTrials.record(id, written)])
      assert.equal(both.filter((change) => change !== null).length, 1)
      context.advance(1000)
      const proven = await pageTrials.record(id, { from: ['written'], to: 'proven' })
      assert.deepEqual(
        [proven?.before, proven?.place, proven?.provenAt],
        [before, 'yoast', new Date(context.now())],
      )
      assert.equal(proven?.writtenAt?.getTime(), context.now() - 1000)
      const failed = await pageTrials.record(id, {
        from: ['proven'],
        to: 'failed',
        error: 'It\0broke \ud800',
      })
      assert.equal(failed?.error, 'Itbroke \ufffd')
    })

    test('a page is in one open trial, also if two begin at once', async () => {
      const { pageTrials } = context.registry()
      const { site } = await context.site('trials-once')
      const begun = await Promise.allSettled([
        pageTrials.begin(input(site.id, page('1', true), page('2', false))),
        pageTrials.begin(input(site.id, page('2', true), page('3', false))),
      ])
      assert.equal(begun.filter(({ status }) => status === 'fulfilled').length, 1)
      await refused('page-in-trial', pageTrials.begin(input(site.id, page('2', true))))
      await refused('page-in-trial', pageTrials.begin(input(site.id, page('8', true), page('8', false))))
      const [trial] = await pageTrials.list(site.id)
      assert.notEqual(await pageTrials.end(trial?.id ?? ''), null)
      assert.equal(await pageTrials.end(trial?.id ?? ''), null)
      await pageTrials.begin(input(site.id, page('2', true)))
    })

    test('a trial is rolled back once: what was written is undone, the rest is cancelled', async () => {
      const { pageTrials } = context.registry()
      const { site } = await context.site('trials-back')
      const trial = await pageTrials.begin(input(site.id, page('1', true), page('2', false), page('3', true)))
      const [first] = await pageTrials.changes(trial.id)
      await pageTrials.record(first?.id ?? '', { from: ['queued'], to: 'written' })
      const both = await Promise.all(['Ada', 'Grace'].map((by) => pageTrials.rollBack(trial.id, by)))
      assert.equal(both.filter((one) => one !== null).length, 1)
      assert.deepEqual(await statuses(trial.id), [
        ['1', 'undoing'],
        ['2', 'cancelled'],
        ['3', 'cancelled'],
      ])
      const settled = await pageTrials.settled(site.id)
      const byPost = settled.toSorted((a, b) => a.post.localeCompare(b.post))
      assert.deepEqual(
        byPost.map(({ post, kind, isOpen }) => [post, kind, isOpen]),
        [
          ['1', 'description-missing', false],
          ['2', 'description-missing', false],
          ['3', 'description-missing', false],
        ],
      )
    })

    test('trials go with their site, and an impossible id finds nothing', async () => {
      const { pageTrials, sites } = context.registry()
      const { site } = await context.site('trials-gone')
      const trial = await pageTrials.begin(input(site.id, page('1', true)))
      await sites.remove(site.id)
      assert.deepEqual([await pageTrials.list(site.id), await pageTrials.get(trial.id)], [[], null])
      await refused('unknown-site', pageTrials.begin(input(site.id, page('1', true))))
      for (const wrong of ['\0', '\ud800', '']) {
        assert.equal(await pageTrials.get(wrong), null)
        assert.equal(await pageTrials.rollBack(wrong, 'Ada'), null)
        assert.deepEqual(await pageTrials.changes(wrong), [])
        assert.deepEqual(await pageTrials.list(wrong), [])
      }
    })
  })
}
