import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import type { Grant, Offer } from '@peerpress/wire'
import type { LedgerTransaction } from '../ledger/ledger.ts'
import { everything, publication, type SuiteContext } from '../suite.testing.ts'
import type { Lending } from './lending.ts'
import { epochOf, type LentReceipt, maxCreditPerNetwork } from './receipts.ts'

const day = 86_400_000
const key = () => randomBytes(32).toString('base64url')
const termsId = () => randomBytes(8).toString('hex')
const nonce = () => randomBytes(16).toString('base64url')

/** What every registry does with offers, grants and receipts. */
export function describeLending(context: SuiteContext): void {
  describe('lending', () => {
    const registry = () => context.registry()
    const site = (path: string) => context.site(path)
    const now = () => context.now()
    const advance = (ms: number) => context.advance(ms)
    const change = <T>(work: (sql: LedgerTransaction['sql']) => Promise<T>): Promise<T> =>
      registry().ledger.transaction(({ sql }) => work(sql))
    const offerOf = (owner: string, changes: Partial<Offer> = {}): Offer => ({
      id: termsId(),
      seed: key(),
      owner,
      country: 'BR',
      maxBytes: 1000,
      bytesPerDay: 2000,
      issuedAt: now(),
      expiresAt: now() + day,
      ...changes,
    })
    const grantOf = (of: string, seed: string): Grant => ({
      id: termsId(),
      site: of,
      seed,
      maxBytes: 10,
      bytesPerDay: 20,
      issuedAt: now(),
      expiresAt: now() + day,
    })

    /** A seed of one site in the swarm of another's post. */
    const lent = async (paths: readonly [string, string]) => {
      const [owner, getter] = [(await site(paths[0])).site.id, (await site(paths[1])).site.id]
      const offer = offerOf(owner)
      assert.equal(await change((sql) => registry().lending.offer(sql, offer, 'envelope')), true)
      const session = {
        seed: offer.seed,
        site: getter,
        post: '12',
        epoch: epochOf(now()),
        nonce: nonce(),
      }
      const giver = key()
      assert.equal(await registry().lending.join(giver, session), true)
      const receipt = (bytes: number, changes: Partial<LentReceipt> = {}): LentReceipt => ({
        ...session,
        giver,
        taker: 'taker',
        network: 'network',
        bytes,
        ...changes,
      })
      const given = () => registry().lending.given(session.epoch, offer.seed, getter)
      return { owner, getter, offer, session, giver, receipt, given }
    }

    const daysOf = async (of: Parameters<Lending['days']>[0]) =>
      (await registry().lending.days(of, 30, everything)).map(({ item }) => item)

    const closeAll = async () => {
      const closed: (readonly { seed: string; day: string; credited: number }[])[] = []
      for (;;) {
        const totals = await change((sql) => registry().lending.closeEpoch(sql))
        if (totals === null) return closed.flat()
        closed.push(totals)
      }
    }

    test('an offer is replaced by a later one of its owner, never by an older one or by another owner', async () => {
      const { lending } = registry()
      const [owner, other] = [(await site('offering')).site.id, (await site('thieving')).site.id]
      const offer = offerOf(owner)
      assert.equal(await change((sql) => lending.offer(sql, offer, 'first')), true)
      assert.equal(await change((sql) => lending.offer(sql, offer, 'replayed')), false)
      assert.equal(
        await change((sql) => lending.offer(sql, { ...offer, issuedAt: offer.issuedAt - 1 }, 'older')),
        false,
      )
      const later = { ...offer, issuedAt: offer.issuedAt + 1 }
      assert.equal(await change((sql) => lending.offer(sql, { ...later, owner: other }, 'stolen')), false)
      assert.equal(await change((sql) => lending.offer(sql, { ...later, maxBytes: 5 }, 'later')), true)
      assert.deepEqual((await lending.findOffer(offer.seed))?.maxBytes, 5)
      assert.equal((await lending.offerPage({ owner }, everything)).length, 1)
      assert.equal((await lending.offerPage({ owner: other }, everything)).length, 0)
    })

    test('a seed that a proof revoked offers nothing again', async () => {
      const { lending } = registry()
      const offer = offerOf((await site('lying')).site.id)
      await change((sql) => lending.offer(sql, offer, 'first'))
      assert.equal(await change((sql) => lending.revokeOffer(sql, offer.seed, 'wrong-chunk')), true)
      assert.equal(await change((sql) => lending.revokeOffer(sql, offer.seed, 'owner')), false)
      assert.equal(
        await change((sql) => lending.offer(sql, { ...offer, issuedAt: offer.issuedAt + 1 }, 'again')),
        false,
      )
      const found = await lending.findOffer(offer.seed)
      assert.deepEqual(found?.revokedReason, 'wrong-chunk')
    })

    test('a grant is for a seed that is offered, counts once, and is revoked by its own site alone', async () => {
      const { lending } = registry()
      const [owner, getter] = [(await site('gives')).site.id, (await site('gets')).site.id]
      const offer = offerOf(owner)
      assert.equal(await change((sql) => lending.grant(sql, grantOf(getter, key()), 'nobody')), false)
      await change((sql) => lending.offer(sql, offer, 'offer'))
      const grant = grantOf(getter, offer.seed)
      assert.equal(await change((sql) => lending.grant(sql, grant, 'grant')), true)
      assert.equal(await change((sql) => lending.grant(sql, grant, 'replayed')), false)
      assert.equal(await change((sql) => lending.revokeGrant(sql, owner, grant.id)), false)
      assert.equal((await lending.grants({ seed: offer.seed }))[0]?.revokedAt, null)
      assert.equal(await change((sql) => lending.revokeGrant(sql, getter, grant.id)), true)
      assert.notEqual((await lending.findGrant(grant.id))?.revokedAt, null)
      assert.equal((await lending.grantPage(getter, everything)).length, 1)
    })

    test('a receipt counts once, however often it is presented and in whatever order', async () => {
      const { receipt, given } = await lent(['once/owner', 'once/getter'])
      const { lending } = registry()
      await lending.record([receipt(100), receipt(300), receipt(200)])
      await lending.record([receipt(300)])
      await lending.record([receipt(250), receipt(50, { taker: 'another' })])
      assert.equal(await given(), 350)
    })

    test('a receipt of a giver that joined otherwise, or of another epoch, counts nothing', async () => {
      const { receipt, given, session } = await lent(['foreign/owner', 'foreign/getter'])
      const { lending } = registry()
      const yesterday = epochOf(now() - 2 * day)
      const tomorrow = epochOf(now() + day)
      await lending.record([
        receipt(1, { seed: key() }),
        receipt(1, { post: '13' }),
        receipt(1, { epoch: yesterday }),
        receipt(1, { epoch: tomorrow }),
      ])
      assert.equal(await given(), 0)
      assert.equal(await lending.given(tomorrow, session.seed, session.site), 0)
    })

    test('a receipt counts also if the joining of its giver could not be recorded', async () => {
      const { receipt, given } = await lent(['unjoined/owner', 'unjoined/getter'])
      await registry().lending.record([receipt(7, { giver: key() })])
      assert.equal(await given(), 7)
    })

    test('a key that joined in one epoch is no lent seed in the next', async () => {
      const { session, giver } = await lent(['epochs/owner', 'epochs/getter'])
      const { lending } = registry()
      assert.equal(await lending.join(giver, { ...session, nonce: nonce() }), true)
      assert.equal(await lending.join(giver, { ...session, epoch: epochOf(now() + day) }), false)
      assert.equal((await lending.sessionOf(giver))?.epoch, session.epoch)
      assert.equal(await lending.sessionOf(key()), null)
    })

    test('an epoch is closed once: totals replace receipts, and late receipts count nothing', async () => {
      await closeAll()
      const { receipt, owner, getter, session } = await lent(['closing/owner', 'closing/getter'])
      const { lending } = registry()
      await lending.record([receipt(100), receipt(50, { taker: 'another', network: 'second' })])
      assert.deepEqual(await closeAll(), [])
      const open = await daysOf({ owner })
      assert.deepEqual([open[0]?.bytes, open[0]?.networks], [150, 2])
      advance(day + 3 * 3_600_000)
      const failing = change(async (sql) => {
        await lending.closeEpoch(sql)
        throw new Error('the ledger is closed')
      })
      await assert.rejects(failing)
      assert.equal((await daysOf({ site: getter }))[0]?.bytes, 150)
      const own = (await closeAll()).filter(({ seed }) => seed === session.seed)
      assert.deepEqual([own.length, own[0]?.day], [1, session.epoch])
      await lending.record([receipt(1000)])
      assert.deepEqual(await closeAll(), [])
      assert.deepEqual(
        (await daysOf({ owner })).map(({ bytes, country }) => [bytes, country]),
        [[150, 'BR']],
      )
    })

    test('credit is capped for each network, halves every 30 days, and a site earns none from itself', async () => {
      await closeAll()
      const { receipt, owner, session } = await lent(['credit/owner', 'credit/getter'])
      const { lending } = registry()
      const self = { ...session, site: owner, nonce: nonce() }
      const giver = key()
      await lending.join(giver, self)
      await lending.record([
        receipt(9 * maxCreditPerNetwork),
        receipt(9 * maxCreditPerNetwork, { taker: 'same network' }),
        receipt(1000, { taker: 'another', network: 'second' }),
        { ...receipt(500), ...self, giver, network: 'third' },
      ])
      advance(2 * day)
      await closeAll()
      const fresh = (await lending.credits()).get(owner) ?? 0
      const expected = (maxCreditPerNetwork + 1000) * 0.5 ** (2 / 30)
      assert.ok(Math.abs(fresh - expected) < 2, `${fresh} instead of ${expected}`)
      advance(30 * day)
      const later = (await lending.credits()).get(owner) ?? 0
      assert.ok(Math.abs(later - fresh / 2) < 2)
    })

    test('only public, unrevoked posts with assets can be placed', async () => {
      const { lending, posts } = registry()
      const id = (await site('placeable')).site.id
      const post = (name: string, assets: readonly string[], revoked = false) =>
        posts.record({ ...publication(id, 1, assets), post: name, revoked })
      await post('public', ['a', 'b'])
      await post('bare', [])
      await post('gone', ['c'], true)
      const found = await lending.placeable([id, 'not a site'], 50)
      assert.deepEqual(
        found.map(({ post: name, bytes }) => [name, bytes]),
        [['public', 140_000]],
      )
      await post('newer', ['d'])
      advance(1)
      assert.equal((await lending.placeable([id], 1)).length, 1)
    })

    test('a nonce is used once until no request with it is accepted any more', async () => {
      const { lending } = registry()
      const used = nonce()
      assert.equal(await lending.useNonce(used), true)
      assert.equal(await lending.useNonce(used), false)
      await lending.forget()
      assert.equal(await lending.useNonce(used), false)
      advance(2 * 3_600_000)
      await lending.forget()
      assert.equal(await lending.useNonce(used), true)
    })
  })
}
