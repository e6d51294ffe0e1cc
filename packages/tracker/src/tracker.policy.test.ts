import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { Policy, SiteId } from '@peerpress/wire'
import type { TicketHolder } from './admission/tickets.ts'
import { startTracker, type TrackerUnderTest } from './tracker.testing.ts'

const site = 'abcdefgh01234567'
const full: Policy = { mode: 'full', consent: 'assumed' }

/** A tracker whose sites have policies that a test changes. */
async function startGoverned(t: TestContext, { policyCheckMs }: { readonly policyCheckMs?: number } = {}) {
  const recorded = new Map<SiteId, Policy>([[site, full]])
  const state = { isReadable: true, reads: 0 }
  const under = await startTracker(t, {
    policies: async (sites) => {
      state.reads++
      if (!state.isReadable) throw new Error('the record cannot be read')
      return new Map([...recorded].filter(([id]) => sites.includes(id)))
    },
    ...(policyCheckMs === undefined ? {} : { policyCheckMs }),
  })
  return { under, recorded, state }
}

async function join(under: TrackerUnderTest, holder: Partial<TicketHolder> = {}) {
  const peer = await under.connect()
  peer.join(
    await under.tracker.issueTicket({ site, post: '1', address: '192.0.2.1', policy: full, ...holder }),
  )
  assert.equal((await peer.next()).type, 'welcome')
  return peer
}

describe('a tracker and the policies of its sites', { timeout: 60_000 }, () => {
  test('closes the connections of a looser policy, and separates their peers from all others', async (t) => {
    const { under, recorded } = await startGoverned(t)
    const strict = await join(under, { policy: { mode: 'full', consent: 'required' } })
    const loose = await join(under)
    const seed = await join(under, { isSeed: true })
    await Promise.all([strict, loose, seed].map((peer) => peer.settle()))
    recorded.set(site, { mode: 'full', consent: 'required' })
    await under.tracker.enforcePolicies()
    const heard = await loose.rest()
    assert.equal(await loose.closeCode(), 1008)
    assert.deepEqual(
      heard.filter(({ type }) => type === 'banned').map((message) => 'peer' in message && message.peer),
      [strict.id, seed.id],
    )
    assert.deepEqual(heard.at(-1), {
      type: 'error',
      code: 'policy-changed',
      message: 'The site does not allow this any more.',
    })
    for (const peer of [strict, seed])
      assert.deepEqual(await peer.settle(), [{ type: 'banned', peer: loose.id }])
    assert.equal(under.tracker.counts()['policy-changed'], 1)
  })

  test('also closes seeds when the site is switched off or removed', async (t) => {
    const { under, recorded } = await startGoverned(t)
    const [seed, reader] = [await join(under, { isSeed: true }), await join(under)]
    recorded.set(site, { mode: 'seeds-only', consent: 'required' })
    await under.tracker.enforcePolicies()
    assert.equal(await reader.closeCode(), 1008)
    await seed.settle()
    recorded.set(site, { ...full, mode: 'off' })
    await under.tracker.enforcePolicies()
    assert.equal(await seed.closeCode(), 1008)

    recorded.set(site, full)
    const other = await join(under)
    recorded.delete(site)
    await under.tracker.enforcePolicies()
    assert.equal(await other.closeCode(), 1008)
  })

  test('follows a policy that another server recorded', async (t) => {
    const { under, recorded } = await startGoverned(t, { policyCheckMs: 20 })
    const reader = await join(under)
    recorded.set(site, { ...full, mode: 'off' })
    assert.equal(await reader.closeCode(), 1008)
  })

  test('refuses a ticket that was issued before the policy became stricter', async (t) => {
    const { under, recorded } = await startGoverned(t)
    const ticket = await under.tracker.issueTicket({ site, post: '1', address: '192.0.2.1', policy: full })
    recorded.set(site, { mode: 'full', consent: 'notice' })
    const late = await under.connect()
    late.join(ticket)
    const refusal = await late.next()
    assert.deepEqual(refusal.type === 'error' && refusal.code, 'policy-changed')
    assert.equal(await late.closeCode(), 1008)
  })

  test('leaves connections open, and admits by the ticket, while the record cannot be read', async (t) => {
    const { under, recorded, state } = await startGoverned(t)
    const reader = await join(under)
    state.isReadable = false
    recorded.set(site, { ...full, mode: 'off' })
    await under.tracker.enforcePolicies()
    await reader.settle()
    assert.equal(under.tracker.counts().failed, 1)
    state.isReadable = true
    await under.tracker.enforcePolicies()
    assert.equal(await reader.closeCode(), 1008)
  })

  test('reads nothing while it has no connections, and each site once for all peers that join', async (t) => {
    const { under, state } = await startGoverned(t)
    await under.tracker.enforcePolicies()
    assert.equal(state.reads, 0)
    for (let i = 0; i < 3; i++) await join(under)
    assert.equal(state.reads, 1)
  })
})
