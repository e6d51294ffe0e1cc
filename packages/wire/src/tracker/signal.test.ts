import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeBase64Url } from '../encoding/base64.ts'
import { anyText } from '../arbitraries.testing.ts'
import { describesChannel, isSignal, type Signal } from './signal.ts'
import { decodeTrackerClientMessage } from './tracker-client-message.ts'
import { encodeTrackerMessage } from './tracker-message.ts'

const session = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n'
const channel = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n'
const audio = 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n'

test('accepts a description of one data channel, with either line ending', () => {
  assert.ok(describesChannel(session + channel))
  assert.ok(describesChannel((session + channel).replaceAll('\r', '')))
})

test('refuses all other descriptions', () => {
  const others = [
    '',
    session,
    session + audio,
    session + channel + audio,
    session + audio + channel,
    session + channel + channel,
    session + channel + audio.repeat(150),
    (session + channel + audio).replaceAll('\n', ''),
    `${session}${channel}a=\0`,
    'x'.repeat(12_000),
  ]
  for (const sdp of others) assert.equal(describesChannel(sdp), false, sdp.slice(0, 300))
})

test('accepts only signals that the tracker accepts', () => {
  const text = fc.oneof(
    anyText(600),
    fc
      .tuple(fc.constantFrom('x', '"', '\n', '\u0001', '\ud800', 'é'), fc.nat({ max: 13_000 }))
      .map(([each, n]) => each.repeat(n)),
  )
  const signal: fc.Arbitrary<Signal> = fc.oneof(
    fc.record({ kind: fc.constantFrom('offer' as const, 'answer' as const), sdp: text }),
    fc.record({
      kind: fc.constant('candidate' as const),
      candidate: text,
      sdpMid: fc.option(text, { nil: null }),
      sdpMLineIndex: fc.option(fc.integer({ min: -1, max: 70 }), { nil: null }),
    }),
  )
  const to = encodeBase64Url(new Uint8Array(32))
  let [sent, kept] = [0, 0]
  fc.assert(
    fc.property(signal, (each) => {
      if (!isSignal(each)) kept++
      else {
        sent++
        decodeTrackerClientMessage(encodeTrackerMessage({ type: 'signal', to, signal: each }))
      }
    }),
    { numRuns: 1000 },
  )
  assert.ok(sent > 0 && kept > 0)
})
