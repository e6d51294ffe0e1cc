import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { peerMessage } from './message-arbitraries.testing.ts'
import { maxChunks, maxChunkSize } from './asset.ts'
import { decodeOrRefuse, hostileBytes, weight } from './mutation.testing.ts'
import { decodePeerMessage, encodePeerMessage, maxFramePayload, type PeerMessage } from './peer-message.ts'
import { WireError, type WireErrorCode } from './wire-error.ts'

const asset = 'ab'.repeat(32)
const refuses = (bytes: Uint8Array, code: WireErrorCode) =>
  assert.throws(
    () => decodePeerMessage(bytes),
    (error) => error instanceof WireError && error.code === code,
  )
const refusesMessage = (message: PeerMessage, code: WireErrorCode) =>
  refuses(encodePeerMessage(message), code)
const frame = { type: 'frame', asset, index: 0, offset: 0, length: 10, payload: new Uint8Array(10) } as const

test('decodes every message it encoded', () => {
  fc.assert(
    fc.property(peerMessage, (message) => {
      assert.deepEqual(decodePeerMessage(encodePeerMessage(message)), message)
    }),
    { numRuns: 500 },
  )
})

test('decodes a message in the middle of a larger buffer', () => {
  fc.assert(
    fc.property(peerMessage, (message) => {
      const bytes = encodePeerMessage(message)
      const larger = new Uint8Array(bytes.length + 20).fill(0xff)
      larger.set(bytes, 7)
      assert.deepEqual(decodePeerMessage(larger.subarray(7, 7 + bytes.length)), message)
    }),
  )
})

test('accepts one spelling only: a decoded message encodes to the same bytes, except for trailing bytes', () => {
  fc.assert(
    fc.property(hostileBytes(peerMessage.map(encodePeerMessage)), (bytes) => {
      const message = decodeOrRefuse(() => decodePeerMessage(bytes))
      if (message === null) return
      const encoded = encodePeerMessage(message)
      assert.deepEqual(encoded, Uint8Array.from(bytes.subarray(0, encoded.length)))
    }),
    { numRuns: 2000 },
  )
})

test('holds no more data than the input: payloads and bitfields are views', () => {
  fc.assert(
    fc.property(hostileBytes(peerMessage.map(encodePeerMessage)), (bytes) => {
      const message = decodeOrRefuse(() => decodePeerMessage(bytes))
      if (message === null) return
      if (message.type === 'frame') assert.equal(message.payload.buffer, bytes.buffer)
      if (message.type === 'bitfield') assert.equal(message.bits.buffer, bytes.buffer)
      // An asset's 32 bytes become 64 characters. Names of types and reasons are constants.
      assert.ok(weight(message) <= bytes.length + 32 + 'bitfield'.length + 'missing'.length)
    }),
    { numRuns: 2000 },
  )
})

test('refuses an empty message and an unknown type', () => {
  refuses(new Uint8Array(0), 'malformed')
  for (const type of [9, 255]) refuses(Uint8Array.of(type, 0, 0), 'unsupported')
})

test('refuses every truncated message, and a bitfield with extra bytes', () => {
  fc.assert(
    fc.property(peerMessage, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (message, at) => {
      const bytes = encodePeerMessage(message)
      // A frame's payload ends where the message ends, so only its head can be truncated.
      const cut = message.type === 'frame' ? bytes.length - message.payload.length : bytes.length
      assert.throws(() => decodePeerMessage(bytes.subarray(0, Math.floor(at * cut))), WireError)
      if (message.type !== 'bitfield') return
      assert.throws(() => decodePeerMessage(Uint8Array.of(...bytes, 0)), WireError)
    }),
  )
})

test('ignores bytes of a later release after the fields of a message', () => {
  const known = peerMessage.filter(({ type }) => type !== 'frame' && type !== 'bitfield')
  fc.assert(
    fc.property(known, fc.uint8Array({ minLength: 1, maxLength: 100 }), (message, more) => {
      assert.deepEqual(decodePeerMessage(Uint8Array.of(...encodePeerMessage(message), ...more)), message)
    }),
  )
})

test('refuses a chunk index that is above the maximum', () => {
  for (const type of ['have', 'request', 'cancel'] as const) {
    assert.equal(decodePeerMessage(encodePeerMessage({ type, asset, index: maxChunks - 1 })).type, type)
    for (const index of [maxChunks, 0xffff_ffff]) refusesMessage({ type, asset, index }, 'invalid')
  }
})

const bitfield = (chunks: number, bits: Uint8Array): PeerMessage => ({
  type: 'bitfield',
  asset,
  chunks,
  bits,
})

test('refuses a bitfield without chunks, with too many, of another length or with bits past the end', () => {
  refusesMessage(bitfield(0, new Uint8Array(0)), 'invalid')
  refusesMessage(bitfield(maxChunks + 1, new Uint8Array(maxChunks / 8 + 1)), 'invalid')
  refusesMessage(bitfield(9, new Uint8Array(1)), 'malformed')
  refusesMessage(bitfield(9, new Uint8Array(3)), 'malformed')
  refusesMessage(bitfield(9, Uint8Array.of(0xff, 0x40)), 'invalid')
  assert.equal(decodePeerMessage(encodePeerMessage(bitfield(9, Uint8Array.of(0xff, 0x80)))).type, 'bitfield')
  assert.equal(
    decodePeerMessage(encodePeerMessage(bitfield(maxChunks, new Uint8Array(maxChunks / 8)))).type,
    'bitfield',
  )
})

test('refuses a frame that is empty, too large or reaches past its chunk', () => {
  refusesMessage({ ...frame, payload: new Uint8Array(0) }, 'malformed')
  refusesMessage({ ...frame, offset: 1 }, 'invalid')
  refusesMessage({ ...frame, offset: 0xffff_ffff }, 'invalid')
  refusesMessage({ ...frame, length: maxChunkSize + 1 }, 'invalid')
  const large = { ...frame, length: maxChunkSize }
  assert.equal(
    decodePeerMessage(encodePeerMessage({ ...large, payload: new Uint8Array(maxFramePayload) })).type,
    'frame',
  )
  refusesMessage({ ...large, payload: new Uint8Array(maxFramePayload + 1) }, 'too-large')
})

test('refuses an unknown reject reason', () => {
  const bytes = encodePeerMessage({ type: 'reject', asset, index: 1, reason: 'busy' })
  bytes[bytes.length - 1] = 2
  refuses(bytes, 'invalid')
})
