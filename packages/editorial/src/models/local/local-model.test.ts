import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { evidenceItem, openRegistry } from '@peerpress/registry'
import { draftJsonSchema, parseDraft } from '../../drafts/draft-content.ts'
import { draftPrompt } from '../../drafts/draft-prompt.ts'
import { createDraftWork } from '../../drafts/draft-work.ts'
import { honest } from '../../gates/honest-draft.testing.ts'
import { runGates } from '../../gates/run-gates.ts'
import { ModelError } from '../model-error.ts'
import { createLocalModel, localLimits, type LocalLimits } from './local-model.ts'
import { createLocalModels } from './local-models.ts'
import { tinyGguf } from './tiny-gguf.testing.ts'

const seed = Number(process.env['PEERPRESS_GGUF_SEED'] ?? randomInt(2 ** 31))
console.log(`seed of the weights: ${seed}`)

describe('a local model', { timeout: 300_000 }, () => {
  // The runtime stays installed between runs.
  const directory = join(import.meta.dirname, '../../../../../.cache/models')
  const models = createLocalModels(directory)
  before(async () => {
    await mkdir(directory, { recursive: true })
    await writeFile(join(directory, 'tiny.gguf'), tinyGguf(generator(seed)))
    await writeFile(join(directory, 'broken.gguf'), Buffer.from('GGUF and then nothing'))
    if (!(await models.isInstalled())) await models.install()
  })

  const brief = { question: 'Bread?', readers: 'readers in Lyon', outline: [], titles: [], links: [] }
  const request = {
    ...draftPrompt(brief, [...honest.evidence.values()].slice(0, 1), honest),
    schema: draftJsonSchema,
    maxOutputTokens: 150,
    signal: new AbortController().signal,
    onText: () => undefined,
  }
  const open = async (name: string, limits: Partial<LocalLimits> = {}) =>
    createLocalModel(await models.locate(name), { ...localLimits, ...limits })

  test('with random weights writes answers, each of which is refused', async () => {
    const model = await open('tiny.gguf')
    for (let run = 0; run < 2; run++) {
      let streamed = ''
      const answer = await model.write({ ...request, onText: (text) => (streamed += text) })
      assert.equal(streamed, answer.text)
      assert.ok((answer.usage?.output ?? 0) > 0 && (answer.usage?.output ?? 0) <= 150)
      const { content, problem } = parseDraft(answer.text)
      if (content === null) assert.match(problem, /^The answer of the model is no/)
      else assert.ok((await runGates({ ...honest, content, evidence: new Map() })).length > 0)
    }
  })

  test('drafts that are requested from it are refused with the reason, and the work goes on', async () => {
    const records = await mkdtemp(join(tmpdir(), 'peerpress-local-drafts-'))
    const registry = await openRegistry({ directory: records })
    const stop = await createDraftWork({ registry, localModels: models })()
    try {
      const input = {
        url: 'https://bakery.example',
        consent: 'assumed',
        allowPrivateAddresses: false,
      } as const
      const { id: site } = (await registry.sites.add(input)).site
      const [known] = honest.evidence.values()
      assert.ok(known)
      const fact = evidenceItem({ ...known, site })
      await registry.evidence.record(site, ['upload'], [fact])
      const empty = { outline: [], titles: [], descriptions: [], links: [], update: [] }
      const about = { subject: 'bread', kind: 'lagging-region', region: 'FR', language: 'en' } as const
      await registry.briefs.record(site, '2026-03-06', [
        {
          ...empty,
          ...about,
          question: 'Bread?',
          readers: 'Readers',
          facts: [fact.id],
          score: 1,
          why: 'It lags.',
        },
      ])
      const [listed] = await registry.briefs.list(site)
      const set = (name: string) =>
        registry.models.set(
          {
            site,
            kind: 'local',
            baseUrl: null,
            name,
            allowPrivateAddresses: false,
            prices: null,
            budget: 1_000_000,
            maxOutputTokens: 256,
          },
          'operator',
        )
      const draft = async () => {
        const asked = { site, brief: listed?.id ?? '', language: 'en', region: 'FR', requestedBy: null }
        const { id } = await registry.drafts.request(asked)
        for (;;) {
          const found = await registry.drafts.get(id)
          assert.ok(found)
          if (!['queued', 'writing'].includes(found.status)) return found
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      await set('tiny.gguf')
      const first = await draft()
      assert.equal(first.status, 'refused', first.error ?? '')
      assert.notEqual(first.refusals.length, 0)
      await set('broken.gguf')
      const failed = await draft()
      assert.equal(failed.status, 'failed')
      assert.match(failed.error ?? '', /broken\.gguf is damaged/)
      await set('tiny.gguf')
      assert.equal((await draft()).status, 'refused')
    } finally {
      await stop()
      await registry.close()
      await rm(records, { recursive: true, force: true })
    }
  })

  test('that is no model fails, and nothing else does', async () => {
    await assert.rejects(models.locate('broken.gguf'), { code: 'local-model' })
  })

  test('ends with its limits of time and memory', async () => {
    await assert.rejects((await open('tiny.gguf', { timeout: 1 })).write(request), { code: 'endless' })
    const long = { ...request, maxOutputTokens: 4000 }
    await assert.rejects((await open('tiny.gguf', { maxMemory: 1 })).write(long), (error) => {
      assert.ok(error instanceof ModelError)
      assert.match(error.message, /memory/)
      return true
    })
  })

  test('ends when it is cancelled', async () => {
    const cancel = new AbortController()
    const reason = new Error('cancelled')
    const answer = (await open('tiny.gguf')).write({
      ...request,
      maxOutputTokens: 4000,
      signal: cancel.signal,
      onText: () => cancel.abort(reason),
    })
    await assert.rejects(answer, reason)
  })

  test('is a file of its folder', async () => {
    assert.deepEqual(await models.files(), ['broken.gguf', 'tiny.gguf'])
    for (const name of ['../tiny.gguf', '/etc/passwd', 'missing.gguf', 'runtime', '.gguf', 'a/b.gguf']) {
      await assert.rejects(models.locate(name), { code: 'local-model' })
    }
  })
})

/** mulberry32 */
function generator(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
