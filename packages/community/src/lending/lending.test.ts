import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { signedPayload } from '@peerpress/peer'
import { createRecordId } from '@peerpress/registry'
import {
  decodeEnvelope,
  decodeGrant,
  encodeEnvelope,
  encodeOffer,
  encodeSeedRequest,
  grantPayloadType,
  type Offer,
  offerPayloadType,
  preAuthEncoding,
  type SeedRequest,
  seedRequestPayloadType,
} from '@peerpress/wire'
import { type CommunityBench, openCommunityBench } from '../community.testing.ts'
import { type CommunityLending, createLending } from './lending.ts'
import { CommunityError, type LendingErrorCode } from '../community-error.ts'

const day = 86_400_000
const minute = 60_000

/** A seed's durable key. */
class TestSeed {
  readonly key: KeyObject
  readonly seed: string

  constructor() {
    this.key = generateKeyPairSync('ed25519').privateKey
    this.seed = createPublicKey(this.key).export({ format: 'jwk' }).x ?? ''
  }

  envelope(payloadType: string, payload: Uint8Array<ArrayBuffer>, key = this.key): string {
    const bytes = Uint8Array.from(sign(null, preAuthEncoding(payloadType, payload), key))
    return encodeEnvelope({ payloadType, payload, signatures: [{ keyId: 'seed', bytes }] })
  }

  request(at: number, changes: Partial<SeedRequest> = {}, key = this.key): string {
    const nonce = randomBytes(16).toString('base64url')
    const request = { action: 'assignment', seed: this.seed, at, nonce, ...changes } as SeedRequest
    return this.envelope(seedRequestPayloadType, encodeSeedRequest(request), key)
  }
}

describe('lending seeds', { timeout: 120_000 }, () => {
  let bench: CommunityBench
  let lending: CommunityLending
  let owner: string
  let getter: string

  before(async () => {
    bench = await openCommunityBench()
    owner = (await bench.addSite('owner.localhost')).site.id
    const site = await bench.addSite('getter.localhost')
    getter = site.site.id
    await bench.publish(site, 'public', 'http://getter.localhost/public/')
    await bench.publish(site, 'gone', 'http://getter.localhost/gone/', true)
    lending = createLending({
      registry: bench.registry,
      memberOf: async () => null,
      isUnread: async () => false,
      laggingRegions: async () => [],
      now: () => bench.now(),
    })
  })
  after(() => bench.close())

  const offerOf = (seed: TestSeed, changes: Partial<Offer> = {}): Offer => ({
    id: createRecordId(),
    seed: seed.seed,
    owner,
    country: 'BR',
    maxBytes: 1_000_000,
    bytesPerDay: 1000,
    issuedAt: bench.now(),
    expiresAt: bench.now() + 30 * day,
    ...changes,
  })
  const offer = (seed: TestSeed, changes: Partial<Offer> = {}, key = seed.key): Promise<string> => {
    const envelope = seed.envelope(offerPayloadType, encodeOffer(offerOf(seed, changes)), key)
    return lending.receiveOffer(envelope, async (site) => site === owner)
  }
  const grant = (seed: TestSeed) =>
    lending.grant({
      site: getter,
      seed: seed.seed,
      maxBytes: 1000,
      bytesPerDay: 500,
      expiresAt: bench.now() + day,
    })
  const ticket = (seed: TestSeed, changes: Partial<SeedRequest> = {}): Promise<unknown> =>
    lending.admit(seed.request(bench.now(), { action: 'ticket', site: getter, post: 'public', ...changes }))

  async function refused(code: LendingErrorCode, work: Promise<unknown>): Promise<void> {
    await assert.rejects(work, (error) => error instanceof CommunityError && error.code === code)
  }

  test('an offer is signed by seed and owner, a grant by its site, and both are in the ledger', async () => {
    const seed = new TestSeed()
    const { signatures } = decodeEnvelope(await offer(seed))
    assert.equal(signatures.length, 2)
    const made = await grant(seed)
    const { payload, signatures: signed } = decodeEnvelope(made.envelope)
    const site = await bench.registry.sites.get(getter)
    const x = Buffer.from(site?.publicKey ?? []).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const statement = preAuthEncoding(grantPayloadType, payload)
    assert.ok(verify(null, statement, key, signed[0]?.bytes ?? new Uint8Array()))
    assert.equal(decodeGrant(payload).seed, seed.seed)
    const rows = await bench.registry.ledger.read({ limit: 100, kinds: ['offer', 'grant'] })
    assert.deepEqual(
      rows.map(({ kind }) => kind),
      ['offer', 'grant'],
    )
  })

  test('without an offer no grant is made, and without a grant no ticket', async () => {
    const seed = new TestSeed()
    await refused('unknown', grant(seed))
    await offer(seed)
    await refused('unknown', ticket(seed))
    await grant(seed)
    await ticket(seed)
  })

  test('forged, foreign, early, late and replayed offers are refused', async () => {
    const seed = new TestSeed()
    await refused('bad-signature', offer(seed, {}, new TestSeed().key))
    await refused(
      'bad-signature',
      lending.receiveOffer('{}', async () => true),
    )
    await refused(
      'bad-signature',
      lending.receiveOffer('x'.repeat(100_000), async () => true),
    )
    await refused('refused', offer(seed, { owner: getter }))
    await refused('expired', offer(seed, { issuedAt: bench.now() + 10 * minute }))
    await refused('expired', offer(seed, { issuedAt: bench.now() - 10 * minute }))
    const envelope = seed.envelope(offerPayloadType, encodeOffer(offerOf(seed)))
    await lending.receiveOffer(envelope, async () => true)
    await refused(
      'refused',
      lending.receiveOffer(envelope, async () => true),
    )
  })

  test('forged, replayed and untimely requests are refused; a clock may differ by minutes', async () => {
    const seed = new TestSeed()
    await offer(seed)
    await grant(seed)
    await refused('bad-signature', lending.assignment(seed.request(bench.now(), {}, new TestSeed().key)))
    await refused('expired', lending.assignment(seed.request(bench.now() - 6 * minute)))
    await refused('expired', lending.assignment(seed.request(bench.now() + 6 * minute)))
    await lending.assignment(seed.request(bench.now() - 4 * minute))
    await lending.assignment(seed.request(bench.now() + 4 * minute))
    const request = seed.request(bench.now())
    await lending.assignment(request)
    await refused('replayed', lending.assignment(request))
    await refused('refused', lending.admit(seed.request(bench.now())))
  })

  test('a seed joins public, unrevoked posts alone, and only until grant or offer end', async () => {
    const seed = new TestSeed()
    await offer(seed, { expiresAt: bench.now() + 3 * day })
    const made = await grant(seed)
    await ticket(seed)
    await refused('not-public', ticket(seed, { post: 'gone' }))
    await refused('not-public', ticket(seed, { post: 'unknown' }))
    await lending.revokeGrant(getter, made.id)
    await refused('unknown', ticket(seed))
    await grant(seed)
    bench.advance(2 * day)
    await refused('unknown', ticket(seed))
    await refused('refused', lending.grant({ ...made, expiresAt: bench.now() - 1 }))
    bench.advance(2 * day)
    await refused('expired', ticket(seed))
  })

  test('a seed that has sent as much as granted gets no ticket until the next day', async () => {
    const seed = new TestSeed()
    await offer(seed)
    await grant(seed)
    const admission = (await ticket(seed)) as Awaited<ReturnType<CommunityLending['admit']>>
    const { site, post, lent } = admission
    const receipt = { ...lent, site, post, giver: randomBytes(32).toString('base64url'), taker: 'taker' }
    await bench.registry.lending.record([{ ...receipt, network: 'network', bytes: 499 }])
    await ticket(seed)
    await bench.registry.lending.record([{ ...receipt, network: 'network', bytes: 500 }])
    await refused('day-quota', ticket(seed))
  })

  test('a proof revokes the seed that signed the wrong chunk, never the post', async () => {
    const seed = new TestSeed()
    await offer(seed)
    await grant(seed)
    const { site, post, lent } = (await ticket(seed)) as Awaited<ReturnType<CommunityLending['admit']>>
    const peer = randomBytes(32).toString('base64url')
    await bench.registry.lending.join(peer, { ...lent, site, post })
    assert.equal(await lending.convict(randomBytes(32).toString('base64url')), false)
    assert.equal(await lending.convict(peer), true)
    assert.equal(await lending.convict(peer), false)
    await refused('revoked', ticket(seed))
    await refused('revoked', lending.assignment(seed.request(bench.now())))
    bench.advance(1)
    await refused('revoked', offer(seed))
    assert.equal((await bench.registry.posts.summary(getter, 'public'))?.revoked, false)
    const rows = await bench.registry.ledger.read({ limit: 100, kinds: ['decision'] })
    const subjects = rows.map(({ body }) => (body as { subject: { type: string } }).subject.type)
    assert.deepEqual(subjects, ['seed'])
  })

  test('a grant holds after its site has another key, for pages with either key, until the former one ends', async () => {
    const seed = new TestSeed()
    await offer(seed)
    await grant(seed)
    await bench.registry.posts.record({
      site: getter,
      post: 'held',
      version: 1000,
      url: 'http://getter.localhost/held/',
      revoked: false,
      envelope: '{}',
      assets: [
        {
          id: 'a'.repeat(64),
          url: 'http://getter.localhost/held.png',
          type: 'image/png',
          size: 500,
          chunkSize: 262_144,
          hashes: new Uint8Array(32),
          etag: null,
          lastModified: null,
        },
      ],
    })
    const keyOf = async () =>
      Buffer.from((await bench.registry.sites.get(getter))?.publicKey ?? []).toString('base64url')
    const granted = async () => {
      const { posts } = await lending.assignment(seed.request(bench.now()))
      assert.deepEqual(
        posts.map(({ site, post }) => [site, post]),
        [[getter, 'held']],
      )
      return posts[0]?.grant ?? ''
    }
    const holds = async (envelope: string, key: string) =>
      (await signedPayload(envelope, { type: grantPayloadType, key }, crypto.subtle)) !== null
    const first = await keyOf()
    const original = await granted()
    assert.equal(await holds(original, first), true)
    await bench.registry.sites.rotateSigningKey(getter, { actor: 'owner', endsFormer: false })
    const second = await keyOf()
    assert.notEqual(second, first)
    const rotated = await granted()
    assert.deepEqual([await holds(rotated, first), await holds(rotated, second)], [true, true])
    assert.deepEqual(decodeEnvelope(rotated).payload, decodeEnvelope(original).payload)
    assert.equal(await granted(), rotated)
    await bench.registry.sites.rotateSigningKey(getter, { actor: 'owner', endsFormer: true })
    const ended = await granted()
    const keys = [first, second, await keyOf()]
    assert.deepEqual(await Promise.all(keys.map((key) => holds(ended, key))), [false, false, true])
    const made = await grant(seed)
    assert.equal(await holds(made.envelope, await keyOf()), true)
    assert.deepEqual((await bench.registry.ledger.verify()).problems, [])
  })

  test('totals of a closed day are rows of the ledger, once', async () => {
    bench.advance(2 * day)
    await lending.closeEpochs()
    const closed = await bench.registry.ledger.read({ limit: 100, kinds: ['receipts'] })
    assert.ok(closed.length > 0)
    assert.equal(await lending.closeEpochs(), 0)
    assert.equal(
      (await bench.registry.ledger.read({ limit: 100, kinds: ['receipts'] })).length,
      closed.length,
    )
    assert.deepEqual((await bench.registry.ledger.verify()).problems, [])
  })
})
