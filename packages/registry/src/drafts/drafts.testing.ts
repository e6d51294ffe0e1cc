import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SiteId } from '@peerpress/wire'
import { refused, type SuiteContext } from '../suite.testing.ts'
import { draftQueue } from './draft.ts'

/** A request for a draft. */
export function draftInput(site: SiteId) {
  return { site, brief: 'br_0123456789abcdef', language: 'en', region: 'FR', requestedBy: null }
}

/** Drafts, whatever database they are in. */
export function describeDrafts(context: SuiteContext): void {
  describe('drafts', () => {
    const content = {
      title: 'Bread\0',
      description: 'Half \ud800',
      sections: [{ heading: 'H', claims: [{ text: 'A claim.', evidence: ['ev_1'] }] }],
    }
    const refusal = { section: 0, claim: 0, code: 'number', reason: '7 is not in its evidence.' } as const

    test('a draft waits with its job, is written, and has its refusals', async () => {
      const { drafts, jobs } = context.registry()
      const { site } = await context.site('drafts')
      const draft = await drafts.request(draftInput(site.id))
      assert.equal(draft.status, 'queued')
      const seen = Promise.withResolvers<unknown>()
      const stop = await jobs.work(draftQueue, 1, async ({ data }) => seen.resolve(data))
      assert.deepEqual(await seen.promise, { draft: draft.id })
      await stop()
      const progress = { characters: 12, sections: 1, expectedSections: 3, claim: 'A claim.', gates: 2 }
      const writing = await drafts.change(draft.id, {
        from: ['queued', 'writing'],
        to: 'writing',
        progress,
        error: 'waits',
      })
      assert.deepEqual([writing?.progress, writing?.error], [progress, 'waits'])
      const done = await drafts.change(draft.id, {
        from: ['writing'],
        to: 'refused',
        content,
        refusals: [refusal],
        error: null,
      })
      assert.deepEqual(done?.refusals, [refusal])
      assert.deepEqual([done?.content?.title, done?.content?.description], ['Bread', 'Half \ufffd'])
      assert.deepEqual(done?.progress, progress)
      assert.equal(done?.error, null)
      assert.deepEqual(await drafts.list(site.id), [done])
      assert.deepEqual(await drafts.get(draft.id), done)
    })

    test('the states of drafts have their progress and the tokens of their calls', async () => {
      const { drafts, models } = context.registry()
      const { site } = await context.site('drafts-states')
      const [one, other] = [
        await drafts.request(draftInput(site.id)),
        await drafts.request(draftInput(site.id)),
      ]
      const model = {
        site: site.id,
        kind: 'endpoint',
        baseUrl: 'https://models.example/v1',
        name: 'small',
        allowPrivateAddresses: false,
        prices: null,
        budget: 1000,
        maxOutputTokens: 100,
      } as const
      await models.set(model, 'operator')
      const call = () => models.reserve({ site: site.id, draft: one.id, input: 70, output: 30 })
      const settled = await call()
      await call()
      await models.settle(settled, { input: 20, output: 5 })
      const progress = {
        characters: 12,
        sections: 1,
        expectedSections: null,
        claim: 'Half \ud800, none\0.',
        gates: 0,
      }
      await drafts.change(one.id, { from: ['queued'], to: 'writing', progress, error: 'waits' })
      // A change without progress leaves it as it is.
      await drafts.change(one.id, { from: ['writing'], to: 'writing', refusals: [refusal] })
      const states = await drafts.states([one.id, other.id, '\0', 'a'.repeat(16)])
      const stored = { ...progress, claim: 'Half \ufffd, none.' }
      const rest = { site: site.id, status: 'writing', refusals: [refusal], error: 'waits' }
      const begun = { characters: 0, sections: 0, expectedSections: null, claim: null, gates: 0 }
      assert.deepEqual(
        new Set(states),
        new Set([
          { id: one.id, ...rest, progress: stored, tokens: 125 },
          { id: other.id, ...rest, status: 'queued', refusals: [], error: null, progress: begun, tokens: 0 },
        ]),
      )
      assert.deepEqual(await drafts.states([]), [])
    })

    test('of two people who approve a draft at once, one does', async () => {
      const { drafts } = context.registry()
      const { site } = await context.site('drafts-approved')
      const { id } = await drafts.request(draftInput(site.id))
      await drafts.change(id, { from: ['queued'], to: 'passed', content, refusals: [] })
      const both = await Promise.all(
        ['Ada', 'Grace'].map((approvedBy) =>
          drafts.change(id, { from: ['passed'], to: 'approved', approvedBy }),
        ),
      )
      const [winner, ...none] = both.filter((draft) => draft !== null)
      assert.equal(none.length, 0)
      assert.equal((await drafts.get(id))?.approvedBy, winner?.approvedBy)
      assert.deepEqual(winner?.approvedAt, new Date(context.now()))
    })

    test('a draft that is not written yet can be cancelled, no other', async () => {
      const { drafts } = context.registry()
      const { site } = await context.site('drafts-cancelled')
      const { id } = await drafts.request(draftInput(site.id))
      assert.equal((await drafts.cancel(id))?.status, 'cancelled')
      assert.equal(await drafts.cancel(id), null)
      assert.equal(await drafts.change(id, { from: ['queued', 'writing'], to: 'writing' }), null)
    })

    test('a site has at most 20 drafts that wait, and they go with the site', async () => {
      const { drafts, sites } = context.registry()
      const { site } = await context.site('drafts-many')
      const requested = await Promise.allSettled(
        Array.from({ length: 22 }, () => drafts.request(draftInput(site.id))),
      )
      assert.equal(requested.filter(({ status }) => status === 'fulfilled').length, 20)
      await refused('too-many-drafts', drafts.request(draftInput(site.id)))
      await sites.remove(site.id)
      assert.deepEqual(await drafts.list(site.id), [])
      await refused('unknown-site', drafts.request(draftInput(site.id)))
      await refused('unknown-site', drafts.request(draftInput('\0')))
      assert.equal(await drafts.get('\0'), null)
    })

    test('refused drafts are removed after a year, passed ones stay', async () => {
      const { drafts } = context.registry()
      const { site } = await context.site('drafts-old')
      const [one, other] = [
        await drafts.request(draftInput(site.id)),
        await drafts.request(draftInput(site.id)),
      ]
      await drafts.change(one.id, { from: ['queued'], to: 'refused' })
      await drafts.change(other.id, { from: ['queued'], to: 'passed' })
      context.advance(367 * 86_400_000)
      await context.registry().forgetOld()
      assert.deepEqual(
        (await drafts.list(site.id)).map(({ id }) => id),
        [other.id],
      )
    })
  })
}
