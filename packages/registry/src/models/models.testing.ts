import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SiteId } from '@peerpress/wire'
import { draftInput } from '../drafts/drafts.testing.ts'
import { RegistryError } from '../registry-error.ts'
import { refused, type SuiteContext } from '../suite.testing.ts'

/** Models, keys and budgets, whatever database they are in. */
export function describeModels(context: SuiteContext): void {
  describe('models', () => {
    const modelInput = (site: SiteId) =>
      ({
        site,
        kind: 'endpoint',
        baseUrl: 'https://models.example/v1',
        name: 'small',
        allowPrivateAddresses: false,
        prices: null,
        budget: 1000,
        maxOutputTokens: 100,
      }) as const
    const withDraft = async (path: string) => {
      const { site } = await context.site(path)
      return { site: site.id, draft: (await context.registry().drafts.request(draftInput(site.id))).id }
    }

    test('a key is encrypted at rest, and opens for its own site only', async () => {
      const { models } = context.registry()
      const { site } = await context.site('models')
      const set = await models.set({ ...modelInput(site.id), key: 'sk-secret-0123456789' }, 'operator')
      assert.equal(set.hasKey, true)
      assert.deepEqual(await models.get(site.id), set)
      assert.equal(await models.key(site.id), 'sk-secret-0123456789')
      assert.doesNotMatch(JSON.stringify(set), /sk-secret/)
    })

    test('what changes of a model is in the audit log, without its key', async () => {
      const { models, audit } = context.registry()
      const { site } = await context.site('models-audited')
      const input = modelInput(site.id)
      await models.set({ ...input, key: 'sk-first' }, 'ada')
      await models.set(input, 'ada')
      await models.set({ ...input, budget: 2000 }, 'ben')
      await models.set({ ...input, budget: 2000, key: 'sk-second' }, 'cleo')
      await models.set({ ...input, name: 'large', key: null }, 'cleo')
      await models.set({ ...input, name: 'large', key: null }, 'cleo')
      await models.remove(site.id, 'ada')
      await models.remove(site.id, 'ada')
      const events = (await audit.list({ site: site.id, limit: 20 })).map(
        ({ actor, action }) => `${actor} ${action}`,
      )
      assert.deepEqual(events.toSorted(), [
        'ada model.added',
        'ada model.removed',
        'ben model.changed',
        'cleo model.changed',
        'cleo model.key-replaced',
        'cleo model.key-replaced',
      ])
      const log = await audit.list({ site: site.id, limit: 20 })
      const removed = log.find(({ action }) => action === 'model.removed')
      assert.equal(removed?.subject, 'large at https://models.example/v1')
      assert.doesNotMatch(JSON.stringify(log), /sk-/)
    })

    test('a key stays through a change of the model, and never goes to another URL', async () => {
      const { models } = context.registry()
      const { site } = await context.site('models-moved')
      await models.set({ ...modelInput(site.id), key: 'sk-1' }, 'operator')
      await models.set({ ...modelInput(site.id), name: 'large' }, 'operator')
      assert.equal(await models.key(site.id), 'sk-1')
      await models.set({ ...modelInput(site.id), baseUrl: 'https://elsewhere.example/v1' }, 'operator')
      assert.equal(await models.key(site.id), null)
      await models.set({ ...modelInput(site.id), key: 'sk-2' }, 'operator')
      assert.equal((await models.set({ ...modelInput(site.id), key: null }, 'operator')).hasKey, false)
      assert.equal(await models.remove(site.id, 'operator'), true)
      assert.equal(await models.remove(site.id, 'operator'), false)
      assert.equal(await models.get('\0'), null)
    })

    test('the maximum of a call is reserved before it, and calls at once never pass the budget', async () => {
      const { models } = context.registry()
      const call = await withDraft('models-budget')
      await refused('no-model', models.reserve({ ...call, input: 1, output: 1 }))
      await models.set(modelInput(call.site), 'operator')
      const reserved = await Promise.allSettled(
        Array.from({ length: 5 }, () => models.reserve({ ...call, input: 200, output: 100 })),
      )
      const ids = reserved.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      assert.equal(ids.length, 3)
      for (const one of reserved) {
        if (one.status !== 'rejected') continue
        assert.ok(one.reason instanceof RegistryError)
        assert.equal(one.reason.code, 'over-budget')
      }
      assert.equal((await models.use(call.site)).tokens, 900)
      assert.equal(await models.settle(ids[0] ?? '', { input: 50, output: 10 }), true)
      assert.equal(await models.settle(ids[0] ?? '', { input: 0, output: 0 }), false)
      const { tokens, calls } = await models.use(call.site)
      assert.deepEqual([tokens, calls], [660, 3])
      await models.reserve({ ...call, input: 300, output: 40 })
      await refused('over-budget', models.reserve({ ...call, input: 1, output: 0 }))
    })

    test('with prices the budget counts money at the prices of each call', async () => {
      const { models } = context.registry()
      const call = await withDraft('models-money')
      const prices = { input: 1_000_000, output: 4_000_000, currency: 'EUR' }
      await models.set({ ...modelInput(call.site), prices, budget: 1000 }, 'operator')
      const id = await models.reserve({ ...call, input: 500, output: 100 })
      assert.equal((await models.use(call.site)).cost, 900)
      await refused('over-budget', models.reserve({ ...call, input: 101, output: 0 }))
      await models.set(
        { ...modelInput(call.site), prices: { ...prices, input: 9_000_000 }, budget: 1000 },
        'operator',
      )
      await models.settle(id, { input: 400, output: 25 })
      assert.equal((await models.use(call.site)).cost, 500)
    })

    test('a month begins with the whole budget', async () => {
      const { models } = context.registry()
      const call = await withDraft('models-month')
      await models.set(modelInput(call.site), 'operator')
      await models.reserve({ ...call, input: 900, output: 100 })
      await refused('over-budget', models.reserve({ ...call, input: 1, output: 0 }))
      context.advance(32 * 86_400_000)
      await models.reserve({ ...call, input: 1, output: 0 })
      assert.equal((await models.use(call.site)).tokens, 1)
    })
  })
}
