import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeBase64Url } from '../encoding/base64.ts'
import { trackerClientMessage, trackerServerMessage } from '../message-arbitraries.testing.ts'
import { maxChunks } from '../asset.ts'
import { decodeOrRefuse, hostileText, weight } from '../mutation.testing.ts'
import { decodeTrackerClientMessage, maxTrackerMessageLength } from './tracker-client-message.ts'
import { encodeTrackerMessage } from './tracker-message.ts'
import {
  decodeTrackerServerMessage,
  type IceServer,
  maxTrackerServerMessageLength,
} from './tracker-server-message.ts'
import { WireError, type WireErrorCode } from '../wire-error.ts'

const refuses = (message: unknown, code: WireErrorCode) =>
  assert.throws(
    () => decodeTrackerClientMessage(typeof message === 'string' ? message : JSON.stringify(message)),
    (error) => error instanceof WireError && error.code === code,
  )
const peer = encodeBase64Url(new Uint8Array(32).fill(7))
const signature = encodeBase64Url(new Uint8Array(64).fill(9))

test('decodes every message to the tracker that it encoded', () => {
  fc.assert(
    fc.property(trackerClientMessage, (message) => {
      assert.deepEqual(decodeTrackerClientMessage(encodeTrackerMessage(message)), message)
    }),
  )
})

test('decodes every message from the tracker that it encoded', () => {
  fc.assert(
    fc.property(trackerServerMessage, (message) => {
      assert.deepEqual(decodeTrackerServerMessage(encodeTrackerMessage(message)), message)
    }),
  )
})

test('refuses hostile text in both directions with a typed error and holds no more data than the input', () => {
  const valid = fc.oneof(trackerClientMessage, trackerServerMessage).map(encodeTrackerMessage)
  fc.assert(
    fc.property(hostileText(valid), (text) => {
      for (const decode of [decodeTrackerClientMessage, decodeTrackerServerMessage]) {
        const message = decodeOrRefuse<object | null>(() => decode(text))
        if (message !== null) assert.ok(weight(message) <= text.length)
      }
    }),
    { numRuns: 1000 },
  )
})

test('refuses a message of the other direction', () => {
  refuses({ type: 'welcome', iceServers: [] }, 'invalid')
  refuses({ type: 'left', peer }, 'invalid')
  const join = encodeTrackerMessage({ type: 'join', ticket: '', peer, signature })
  assert.equal(decodeTrackerServerMessage(join), null)
})

test('refuses an overlong message, a request for no or too many peers, and an invalid recipient', () => {
  refuses(' '.repeat(maxTrackerMessageLength + 1), 'too-large')
  refuses({ type: 'join', ticket: 'x'.repeat(2049), peer, signature }, 'invalid')
  for (const peers of [0, 13, 1.5, '3', null]) refuses({ type: 'want', peers }, 'invalid')
  refuses({ type: 'signal', to: peer.slice(1), signal: { kind: 'offer', sdp: '' } }, 'invalid')
  refuses({ type: 'signal', to: peer, signal: { kind: 'rollback' } }, 'invalid')
})

test('refuses a join, an accusation or a claim with a key, hash or signature of another length', () => {
  const proof = { peer, asset: 'ab'.repeat(32), index: 0, hash: 'cd'.repeat(32), signature }
  const accuse = (changes: object) => ({ type: 'accuse', proof: { ...proof, ...changes } })
  const join = (changes: object) => ({ type: 'join', ticket: 't', peer, signature, ...changes })
  const claim = (changes: object) => ({ type: 'claim', peer, bytes: 1, signature, ...changes })
  for (const message of [join, accuse, claim]) {
    decodeTrackerClientMessage(JSON.stringify(message({})))
    for (const wrong of ['', signature.slice(1), `${signature}A`, `${signature.slice(0, -1)}B`])
      refuses(message({ signature: wrong }), 'invalid')
    refuses(message({ peer: signature }), 'invalid')
    assert.deepEqual(
      decodeTrackerClientMessage(JSON.stringify(message({ more: 1 }))),
      decodeTrackerClientMessage(JSON.stringify(message({}))),
    )
  }
  refuses(accuse({ hash: 'cd' }), 'invalid')
  refuses(accuse({ index: maxChunks }), 'invalid')
  for (const bytes of [0, -1, 0.5, 2 ** 53]) refuses(claim({ bytes }), 'invalid')
})

test('the recipient accepts every signal that the tracker accepts', () => {
  const signal = (sdp: string) => ({
    type: 'signal' as const,
    to: peer,
    signal: { kind: 'offer' as const, sdp },
  })
  const escaped = Math.floor((maxTrackerMessageLength - encodeTrackerMessage(signal('')).length) / 6)
  const spare = maxTrackerMessageLength - encodeTrackerMessage(signal('\u0001'.repeat(escaped))).length
  const sdp = '\u0001'.repeat(escaped) + 'x'.repeat(spare)
  const text = encodeTrackerMessage(signal(sdp))
  assert.equal(text.length, maxTrackerMessageLength)
  const read = decodeTrackerClientMessage(text)
  assert.ok(read.type === 'signal')
  const relayed = encodeTrackerMessage({ type: 'signal', from: peer, signal: read.signal })
  assert.ok(relayed.length > maxTrackerMessageLength)
  assert.deepEqual(decodeTrackerServerMessage(relayed), { type: 'signal', from: peer, signal: read.signal })
})

test('accepts the longest list of ICE servers', () => {
  const server: IceServer = {
    urls: Array<string>(8).fill('t'.repeat(256)),
    username: 'u'.repeat(256),
    credential: 'c'.repeat(256),
  }
  const text = encodeTrackerMessage({
    type: 'welcome',
    iceServers: Array.from({ length: 8 }, () => server),
  })
  assert.ok(text.length <= maxTrackerServerMessageLength)
  assert.equal(decodeTrackerServerMessage(text)?.type, 'welcome')
})

test('never repeats a session description in the error it throws', () => {
  const sdp = `v=0 192.0.2.7 ${'x'.repeat(12_000)}`
  for (const message of [
    { type: sdp },
    { type: 'signal', to: sdp, signal: {} },
    { type: 'join', [sdp]: 1 },
  ]) {
    assert.throws(
      () => decodeTrackerClientMessage(JSON.stringify(message)),
      (error) => error instanceof WireError && error.message.length < 400,
    )
  }
  assert.throws(
    () =>
      decodeTrackerClientMessage(
        JSON.stringify({ type: 'signal', to: peer, signal: { kind: 'offer', sdp } }),
      ),
    (error) => error instanceof WireError && !error.message.includes('192.0.2.7'),
  )
})
