import fc from 'fast-check'
import { anyBytes, anyText, assetId, peerId, record } from './arbitraries.testing.ts'
import { encodeBase64Url } from './encoding/base64.ts'
import { maxChunks, maxChunkSize } from './asset.ts'
import type { PeerMessage } from './peer-message.ts'
import { signatureLength } from './statements.ts'
import type { Signal } from './tracker/signal.ts'
import type { TrackerClientMessage } from './tracker/tracker-client-message.ts'
import type { IceServer, TrackerServerMessage } from './tracker/tracker-server-message.ts'

const signatureBytes = anyBytes({ minLength: signatureLength, maxLength: signatureLength })
const signature = signatureBytes.map(encodeBase64Url)

const signal: fc.Arbitrary<Signal> = fc.oneof(
  record({ kind: fc.constant('offer' as const), sdp: anyText(600) }),
  record({ kind: fc.constant('answer' as const), sdp: anyText(600) }),
  record({
    kind: fc.constant('candidate' as const),
    candidate: anyText(300),
    sdpMid: fc.option(anyText(64), { nil: null }),
    sdpMLineIndex: fc.option(fc.integer({ min: 0, max: 64 }), { nil: null }),
  }),
)

export const trackerClientMessage: fc.Arbitrary<TrackerClientMessage> = fc.oneof(
  record({ type: fc.constant('join' as const), ticket: anyText(1000), peer: peerId, signature }),
  record({ type: fc.constant('want' as const), peers: fc.integer({ min: 1, max: 12 }) }),
  record({ type: fc.constant('signal' as const), to: peerId, signal }),
  record({
    type: fc.constant('accuse' as const),
    proof: record({
      peer: peerId,
      asset: assetId,
      index: fc.nat({ max: maxChunks - 1 }),
      hash: assetId,
      signature,
    }),
  }),
  record({
    type: fc.constant('claim' as const),
    peer: peerId,
    bytes: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    signature,
  }),
  record({ type: fc.constant('leave' as const) }),
)

const iceServer: fc.Arbitrary<IceServer> = fc.record(
  {
    urls: fc.array(anyText(64), { minLength: 1, maxLength: 8 }),
    username: anyText(64),
    credential: anyText(64),
  },
  { requiredKeys: ['urls'], noNullPrototype: true },
)

export const trackerServerMessage: fc.Arbitrary<TrackerServerMessage> = fc.oneof(
  fc.record(
    {
      type: fc.constant('welcome' as const),
      iceServers: fc.array(iceServer, { maxLength: 4 }),
      relayOnly: fc.constant(true as const),
    },
    { requiredKeys: ['type', 'iceServers'], noNullPrototype: true },
  ),
  record({ type: fc.constant('swarm' as const), peers: fc.integer({ min: 1, max: 1_000_000 }) }),
  record({
    type: fc.constant('introduce' as const),
    peer: peerId,
    role: fc.constantFrom('offer' as const, 'answer' as const),
  }),
  record({ type: fc.constant('signal' as const), from: peerId, signal }),
  record({ type: fc.constantFrom('left' as const, 'banned' as const), peer: peerId }),
  record({
    type: fc.constant('error' as const),
    code: fc.constantFrom(
      'bad-message' as const,
      'bad-ticket' as const,
      'not-joined' as const,
      'already-joined' as const,
      'rate-limited' as const,
      'full' as const,
      'banned' as const,
      'policy-changed' as const,
    ),
    message: anyText(512),
  }),
)

const uint32 = fc.nat({ max: 0xffff_ffff })
const chunk = { asset: assetId, index: fc.nat({ max: maxChunks - 1 }) }

const bitfield: fc.Arbitrary<PeerMessage> = fc.integer({ min: 1, max: maxChunks }).chain((chunks) => {
  const length = Math.ceil(chunks / 8)
  return record({
    type: fc.constant('bitfield' as const),
    asset: assetId,
    chunks: fc.constant(chunks),
    bits: anyBytes({ minLength: length, maxLength: length }).map((bits) => {
      bits[length - 1] = (bits[length - 1] ?? 0) & (0xff << (length * 8 - chunks))
      return bits
    }),
  })
})

const frame: fc.Arbitrary<PeerMessage> = fc
  .tuple(
    anyBytes({ minLength: 1, maxLength: 400 }),
    fc.oneof(fc.constant(0), fc.nat({ max: maxChunkSize - 400 })),
    fc.nat({ max: 1000 }),
  )
  .chain(([payload, offset, rest]) =>
    record({
      type: fc.constant('frame' as const),
      ...chunk,
      offset: fc.constant(offset),
      length: fc.constant(Math.min(maxChunkSize, offset + payload.length + rest)),
      payload: fc.constant(payload),
      signature: offset === 0 ? signatureBytes : fc.constant(undefined),
    }),
  )

export const peerMessage: fc.Arbitrary<PeerMessage> = fc.oneof(
  record({
    type: fc.constant('hello' as const),
    version: fc.nat({ max: 255 }),
    manifestVersion: uint32,
  }),
  bitfield,
  record({ type: fc.constantFrom('have' as const, 'request' as const, 'cancel' as const), ...chunk }),
  record({
    type: fc.constant('reject' as const),
    ...chunk,
    reason: fc.constantFrom('missing' as const, 'busy' as const),
  }),
  frame,
  record({
    type: fc.constant('receipt' as const),
    bytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    signature: signatureBytes,
  }),
  record({ type: fc.constant('bye' as const) }),
)
