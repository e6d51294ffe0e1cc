import assert from 'node:assert/strict'
import { createHash, createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { type PostEventType, readEvent, verifySiteMessage } from '@peerpress/connectors'
import { createTracker } from '@peerpress/tracker'
import type { PageCall, PageMessage, WorkerCall, WorkerMessage } from '@peerpress/visitor/port-message'
import { readConfig } from '@peerpress/visitor/read-config'
import {
  checkBeacon,
  decodeBeacon,
  decodeEnvelope,
  decodeLease,
  decodeManifest,
  decodeMirrors,
  decodePageConfig,
  decodePeerMessage,
  decodeSnapshot,
  decodeTrackerClientMessage,
  decodeTrackerServerMessage,
  encodePeerMessage,
  leasePayloadType,
  manifestPayloadType,
  maxTrackerServerMessageLength,
  type PeerMessage,
  preAuthEncoding,
  type RejectReason,
  type Signal,
  type TrackerClientMessage,
  type TrackerErrorCode,
  type TrackerServerMessage,
} from '@peerpress/wire'
import {
  fixtureFolder,
  type FixtureRelease,
  fixtureReleases,
  type PortChannel,
  readFixtures,
  restoreBytes,
} from '../support/data/fixtures.ts'

for (const release of fixtureReleases) {
  describe(`what release ${release} sent is read today:`, () => {
    test('beacons, alone and in a list', async () => {
      const beacons = await readFixtures(release, 'beacons')
      const sequences = new Map<string, number[]>()
      for (const { body, how } of beacons) {
        const value = JSON.parse(body) as unknown
        if (Array.isArray(value)) {
          for (const each of value) checkBeacon(each)
        } else {
          const { view, sequence } = decodeBeacon(body)
          if (how === 'recorded') sequences.set(view, [...(sequences.get(view) ?? []), sequence])
        }
      }
      assert.ok([...sequences.values()].some((each) => each.length > 2))
      assert.ok(beacons.some(({ body }) => body.startsWith('[')))
    })

    test('events of the plugin, of every type', async (t) => {
      const { webhookSecret } = await siteOf(release)
      const types = new Set<PostEventType>()
      for (const { headers, body, receivedAt } of await readFixtures(release, 'plugin-events')) {
        t.mock.timers.enable({ apis: ['Date'], now: receivedAt })
        const request = { secret: webhookSecret, headers, body: Buffer.from(body) }
        types.add(readEvent(verifySiteMessage(request)).type)
        t.mock.timers.reset()
      }
      assertComplete<PostEventType>(release, types, {
        'post.published': '0.1',
        'post.updated': '0.1',
        'post.unpublished': '0.1',
        'post.deleted': '0.1',
      })
    })

    test('configurations in pages, by the loader and by the decoder', async () => {
      for (const { page, text } of await readFixtures(release, 'page-configs')) {
        assert.deepEqual(readConfig(text), decodePageConfig(text), page)
      }
    })

    test('manifests that the site signed, a revocation among them', async () => {
      const manifests = await readFixtures(release, 'manifests')
      const { server } = await siteOf(release)
      const decoded = await Promise.all(
        manifests.map(async ({ envelope, mirrors }) => {
          assert.ok(decodeMirrors(mirrors, server).length > 1)
          const payload = await signedBySite(release, envelope, manifestPayloadType)
          return decodeManifest(payload)
        }),
      )
      for (const { snapshot } of decoded) if (snapshot !== undefined) decodeSnapshot(snapshot)
      assert.deepEqual(new Set(decoded.map(({ revoked }) => revoked)), new Set([true, false]))
      assert.ok(decoded.some(({ snapshot }) => snapshot !== undefined))
    })

    test('leases that the site signed', async () => {
      const { site } = await siteOf(release)
      for (const { envelope } of await readFixtures(release, 'leases')) {
        assert.equal(decodeLease(await signedBySite(release, envelope, leasePayloadType)).site, site)
      }
    })

    test('the first words of peers, by a tracker that has the key of their tickets', async (t) => {
      const { ticketKey } = await siteOf(release)
      const tickets = await readFixtures(release, 'tickets')
      const joins = (await readFixtures(release, 'tracker-messages')).flatMap(
        ({ text, at, address, how }) => {
          const message = how === 'recorded' && address !== null ? decodeTrackerClientMessage(text) : null
          return message?.type === 'join' && address !== null ? [{ text, at, address }] : []
        },
      )
      assert.ok(joins.length > 1)
      let [now, address] = [0, '']
      const tracker = createTracker({
        ticketKey: Buffer.from(ticketKey, 'base64'),
        iceServers: [],
        now: () => now,
      })
      const server = createServer()
      server.on('upgrade', (request, socket, head) => tracker.upgrade(request, socket, head, address))
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      t.after(async () => {
        await tracker.close()
        server.close()
      })
      const { port } = server.address() as AddressInfo
      for (const join of joins) {
        ;({ at: now, address } = join)
        const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/tracker`)
        socket.addEventListener('open', () => socket.send(join.text))
        const [{ data }] = (await once(socket, 'message')) as [MessageEvent<string>]
        assert.equal(decodeTrackerServerMessage(data)?.type, 'welcome')
        socket.close()
        await once(socket, 'close')
      }
      assert.ok(tickets.some(({ isSeed }) => isSeed) && tickets.some(({ meet }) => meet === 'seeds'))
    })

    test('messages of peers to the tracker and of the tracker to peers, of every type', async () => {
      const [toTracker, toPeer] = [new Set<string>(), new Set<string>()]
      const codes = new Set<string>()
      const signals = new Set<string>()
      for (const { to, text } of await readFixtures(release, 'tracker-messages')) {
        const message = to === 'tracker' ? decodeTrackerClientMessage(text) : decodeTrackerServerMessage(text)
        assert.ok(text.length <= maxTrackerServerMessageLength)
        // Nothing of it is lost.
        assert.deepEqual(message, JSON.parse(text))
        assert.ok(message !== null)
        ;(to === 'tracker' ? toTracker : toPeer).add(message.type)
        if (message.type === 'error') codes.add(message.code)
        if (message.type === 'signal') signals.add(message.signal.kind)
      }
      assertComplete<TrackerClientMessage['type']>(release, toTracker, {
        join: '0.1',
        want: '0.1',
        signal: '0.1',
        accuse: '0.1',
        claim: '0.1',
        leave: '0.1',
      })
      assertComplete<TrackerServerMessage['type']>(release, toPeer, {
        welcome: '0.1',
        swarm: '0.1',
        introduce: '0.1',
        signal: '0.1',
        left: '0.1',
        banned: '0.1',
        error: '0.1',
      })
      assertComplete<TrackerErrorCode>(release, codes, {
        'bad-message': '0.1',
        'bad-ticket': '0.1',
        'not-joined': '0.1',
        'already-joined': '0.1',
        'rate-limited': '0.1',
        full: '0.1',
        banned: '0.1',
        'policy-changed': 'next',
      })
      assertComplete<Signal['kind']>(release, signals, { offer: '0.1', answer: '0.1', candidate: '0.1' })
    })

    test('messages between peers, of every type', async () => {
      const types = new Set<string>()
      const reasons = new Set<string>()
      const signed = new Set<boolean>()
      for (const { type, base64 } of await readFixtures(release, 'peer-messages')) {
        const bytes = Uint8Array.from(Buffer.from(base64, 'base64'))
        const message = decodePeerMessage(bytes)
        assert.equal(message.type, type)
        assert.deepEqual(encodePeerMessage(message), bytes)
        types.add(message.type)
        if (message.type === 'reject') reasons.add(message.reason)
        if (message.type === 'frame') signed.add(message.signature !== undefined)
      }
      assertComplete<PeerMessage['type']>(release, types, {
        hello: '0.1',
        bitfield: '0.1',
        have: '0.1',
        request: '0.1',
        cancel: '0.1',
        reject: '0.1',
        frame: '0.1',
        receipt: '0.1',
        bye: '0.1',
      })
      assertComplete<RejectReason>(release, reasons, { missing: '0.1', busy: '0.1' })
      assert.deepEqual(signed, new Set([true, false]))
    })

    // Nothing decodes these: page and worker are of one origin. What is held here is that each is in the fixtures.
    test('messages between a page and its worker, of every type', async () => {
      const types: Record<PortChannel, Set<string>> = {
        'page-call': new Set(),
        'worker-call': new Set(),
        page: new Set(),
        worker: new Set(),
      }
      for (const { channel, message } of await readFixtures(release, 'port-messages')) {
        const restored = restoreBytes(message) as { readonly type?: string; readonly peerpress?: string }
        types[channel].add(restored.type ?? restored.peerpress ?? '')
        if (restored.type === 'chunk') assert.ok('bytes' in restored && restored.bytes instanceof Uint8Array)
      }
      assertComplete<PageCall['peerpress']>(release, types['page-call'], {
        page: '0.1',
        lease: '0.1',
        saved: '0.1',
        alive: '0.1',
      })
      assertComplete<WorkerCall['peerpress']>(release, types['worker-call'], { connect: '0.1' })
      assertComplete<PageMessage['type']>(release, types.page, {
        lead: '0.1',
        loaded: '0.1',
        accept: '0.1',
        origin: '0.1',
        working: '0.1',
        chunk: '0.1',
        fallback: '0.1',
        failed: '0.1',
      })
      assertComplete<WorkerMessage['type']>(release, types.worker, {
        connected: '0.1',
        led: '0.1',
        hung: '0.1',
        shown: '0.1',
        loaded: '0.1',
        demand: '0.1',
        'demand-ended': '0.1',
        chunk: '0.1',
        taken: '0.1',
        bytes: '0.1',
        answered: '0.1',
        fallback: '0.1',
        wrong: '0.1',
      })
    })

    test('the bundles are those that were recorded', async () => {
      const bundles = await readFixtures(release, 'bundles')
      assert.deepEqual(bundles.map(({ name }) => name).toSorted(), [
        'loader.js',
        'notice.js',
        'rum.js',
        'snapshot.js',
        'swarm.js',
        'worker.js',
      ])
      for (const { name, bytes, sha256 } of bundles) {
        const file = await readFile(new URL(`bundles/${name}`, fixtureFolder(release)))
        assert.equal(file.length, bytes, name)
        assert.equal(createHash('sha256').update(file).digest('hex'), sha256, name)
      }
    })
  })
}

async function siteOf(release: FixtureRelease) {
  const [site] = await readFixtures(release, 'site')
  assert.ok(site)
  return site
}

/** The payload of an envelope, once its signature and its type are found right. */
async function signedBySite(release: FixtureRelease, text: string, type: string) {
  const { publicKey } = await siteOf(release)
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: publicKey } })
  const { payloadType, payload, signatures } = decodeEnvelope(text)
  assert.equal(payloadType, type)
  const signed = preAuthEncoding(payloadType, payload)
  assert.ok(signatures.some(({ bytes }) => verify(null, signed, key, bytes)))
  return payload
}

/**
 * `since` says which release was the first to send a member: `next` for one that no fixture has yet. TypeScript holds it
 * to the union.
 */
function assertComplete<Member extends string>(
  release: FixtureRelease,
  found: ReadonlySet<string>,
  since: Readonly<Record<Member, FixtureRelease | 'next'>>,
): void {
  const known: readonly string[] = fixtureReleases.slice(0, fixtureReleases.indexOf(release) + 1)
  const missing = Object.entries<string>(since).filter(
    ([member, first]) => known.includes(first) && !found.has(member),
  )
  assert.deepEqual(missing, [])
}
