import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { publication, type SuiteContext } from '../suite.testing.ts'
import type { DomainEvent } from './domain-event.ts'

/** The domain events, whatever database they are in. */
export function describeOutbox(context: SuiteContext): void {
  describe('domain events', () => {
    test('each change of the records is an event, in the order of the changes', async (t) => {
      const { sites, posts, outbox, events, connections } = context.registry()
      const seen = collectEvents()
      t.after(await outbox.follow(seen.handler))
      const { site } = await context.site('changes')
      await posts.record(publication(site.id, 1, ['a']))
      await sites.setPolicy(site.id, { mode: 'off', consent: 'required' }, new Date(context.now()))
      const statement = { post: '12', says: 'withdrawn', saidAt: new Date(context.now()) } as const
      await events.claim(site.id, 'evt', { name: 'unworked', key: 'w', data: {}, statement })
      await posts.record({ ...publication(site.id, 2, []), revoked: true })
      const proof = { peer: 'p'.repeat(43), asset: 'a'.repeat(64), index: 3 }
      await outbox.append({ type: 'proof.accepted', site: site.id, ...proof })
      await sites.disconnect(site.id)
      await sites.disconnect(site.id)
      const code = await connections.begin({
        url: site.url,
        returnUrl: site.url,
        // The S256 challenge of RFC 7636, appendix B.
        challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        consent: 'assumed',
        allowPrivateAddresses: false,
      })
      await connections.redeem({ code, verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' })
      await sites.remove(site.id)
      await seen.until(({ type }) => type === 'site.removed')
      const own = seen.events.filter((event) => event.site === site.id)
      assert.deepEqual(own.map(changeOf), [
        { type: 'site.added' },
        { type: 'post.published', post: '12', version: 1 },
        { type: 'policy.changed', mode: 'off', consent: 'required' },
        { type: 'post.withdrawn', post: '12' },
        { type: 'post.revoked', post: '12', version: 2 },
        { type: 'proof.accepted', ...proof },
        { type: 'site.disconnected' },
        { type: 'site.reconnected' },
        { type: 'site.removed' },
      ])
      const positions = own.map(({ position }) => position)
      assert.deepEqual(
        positions,
        positions.toSorted((a, b) => a - b),
      )
      assert.equal(own[0]?.occurredAt.getTime(), context.now())
    })

    test('a change that fails leaves no event', async (t) => {
      const { posts, outbox } = context.registry()
      const { site } = await context.site('failing-change')
      const seen = collectEvents()
      t.after(await outbox.follow(seen.handler))
      await posts.record(publication(site.id, 2, []))
      await assert.rejects(posts.record(publication(site.id, 1, [])))
      await posts.record(publication(site.id, 3, []))
      await seen.until((event) => event.type === 'post.published' && event.version === 3)
      assert.equal(seen.events.length, 2)
    })

    test('a subscriber that fails gets the same event again before the next, and delays no other', async (t) => {
      const { outbox } = context.registry()
      const [failing, other] = [collectEvents(), collectEvents()]
      let fails = true
      const { site } = await context.site('retried')
      const isOwn = (event: DomainEvent) => event.site === site.id
      t.after(
        await outbox.subscribe('failing', async (event) => {
          await failing.handler(event)
          if (isOwn(event) && fails) {
            fails = false
            throw new Error('not yet')
          }
        }),
      )
      t.after(await outbox.subscribe('other', other.handler))
      await outbox.append({ type: 'policy.changed', site: site.id, mode: 'off', consent: 'assumed' })
      const isLast = (event: DomainEvent) => isOwn(event) && event.type === 'policy.changed'
      await Promise.all([failing.until(isLast), other.until(isLast)])
      assert.deepEqual(
        failing.events.filter(isOwn).map(({ type }) => type),
        ['site.added', 'site.added', 'policy.changed'],
      )
      assert.deepEqual(
        other.events.filter(isOwn).map(({ type }) => type),
        ['site.added', 'policy.changed'],
      )
    })

    test('an event that failed is tried again when it is due, also by a later subscription', async (t) => {
      const { outbox } = context.registry()
      const { site } = await context.site('due')
      const unsubscribe = await outbox.subscribe('due', async (event) => {
        if (event.site === site.id) throw new Error('not yet')
      })
      const hasFailed = async () =>
        (await outbox.subscribers()).some(({ subscriber, failures }) => subscriber === 'due' && failures > 0)
      while (!(await hasFailed())) await new Promise((resolve) => setImmediate(resolve))
      await unsubscribe()
      const later = collectEvents()
      t.after(await outbox.subscribe('due', later.handler))
      await later.until((event) => event.site === site.id)
    })

    test('why a subscriber fails is recorded', async (t) => {
      const { outbox } = context.registry()
      const unsubscribe = await outbox.subscribe('broken', () =>
        Promise.reject(new Error('broken\0 for good')),
      )
      t.after(unsubscribe)
      await outbox.append({ type: 'site.added', site: 'brokenbrokenbrok' })
      for (;;) {
        const [state] = (await outbox.subscribers()).filter(({ subscriber }) => subscriber === 'broken')
        if (state?.lastError != null) {
          assert.equal(state.lastError, 'broken for good')
          assert.ok(state.failures >= 1 && state.pending >= 1)
          break
        }
        await new Promise((resolve) => setImmediate(resolve))
      }
    })

    test('a subscriber goes on where it was, and gets what happened while it was away', async () => {
      const { outbox } = context.registry()
      const { site } = await context.site('resumed')
      const first = collectEvents()
      const isOwn = (event: DomainEvent) => event.site === site.id
      const stop = await outbox.subscribe('resuming', first.handler)
      await first.until(isOwn)
      await stop()
      await outbox.append({ type: 'site.disconnected', site: site.id })
      const second = collectEvents()
      const stopSecond = await outbox.subscribe('resuming', second.handler)
      await second.until(isOwn)
      await stopSecond()
      assert.deepEqual(
        second.events.map(({ type }) => type),
        ['site.disconnected'],
      )
    })

    test('an event is removed a day after all subscribers have handled it', async (t) => {
      const { outbox } = context.registry()
      for (const { subscriber } of await outbox.subscribers()) {
        // Subscriptions of other tests have no handler any more.
        const seen = collectEvents()
        t.after(await outbox.subscribe(subscriber, seen.handler))
      }
      const marker = await context.site('pruned')
      const hold = Promise.withResolvers<void>()
      const held = collectEvents()
      t.after(
        await outbox.subscribe('holding', async (event) => {
          if (event.site === marker.site.id) await hold.promise
          await held.handler(event)
        }),
      )
      context.advance(25 * 3600 * 1000)
      await outbox.prune()
      const pending = async () =>
        (await outbox.subscribers()).find(({ subscriber }) => subscriber === 'holding')?.pending
      assert.ok(((await pending()) ?? 0) >= 1)
      hold.resolve()
      await held.until((event) => event.site === marker.site.id)
      const fresh = collectEvents()
      await outbox.append({ type: 'site.added', site: 'afterprunedafter' })
      await held.until((event) => event.site === 'afterprunedafter')
      await settled(outbox)
      await outbox.prune()
      t.after(await outbox.subscribe('fresh', fresh.handler))
      await fresh.until((event) => event.site === 'afterprunedafter')
      assert.deepEqual(
        fresh.events.map(({ site }) => site),
        ['afterprunedafter'],
      )
    })
  })
}

/** The event without what its place in the outbox decides. */
function changeOf(event: DomainEvent): object {
  const left = new Set(['position', 'occurredAt', 'site'])
  return Object.fromEntries(Object.entries(event).filter(([name]) => !left.has(name)))
}

/** Resolves when no subscriber has pending events. */
async function settled(outbox: { subscribers(): Promise<readonly { readonly pending: number }[]> }) {
  while ((await outbox.subscribers()).some(({ pending }) => pending > 0)) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export function collectEvents() {
  const events: DomainEvent[] = []
  const waiting: (() => void)[] = []
  return {
    events,
    handler: async (event: DomainEvent) => {
      events.push(event)
      for (const wake of waiting.splice(0)) wake()
    },
    until: async (isIt: (event: DomainEvent) => boolean) => {
      while (!events.some(isIt)) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}
