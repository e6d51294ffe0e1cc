import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Signal } from '@peerpress/wire'
import { Guard } from './guard.ts'
import { PeerConnection } from './peer-connection.ts'

const offer = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  `a=ice-pwd:${'a'.repeat(24)}`,
  `a=fingerprint:sha-256 ${Array(32).fill('AA').join(':')}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  '',
].join('\r\n')

interface Side {
  readonly connection: PeerConnection
  readonly isOpen: Promise<void>
  readonly isClosed: Promise<void>
  readonly problems: readonly string[]
}

/** One side of a connection; `onMessage` receives its messages. */
function open(
  role: 'offer' | 'answer',
  onSignal: (signal: Signal) => void,
  onMessage: (bytes: Uint8Array) => void = () => {},
): Side {
  const problems: string[] = []
  const opened = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const connection = new PeerConnection({
    guard: new Guard(({ message }) => problems.push(message)),
    iceServers: [],
    relayOnly: false,
    role,
    onSignal,
    onOpen: opened.resolve,
    onMessage,
    onClosed: closed.resolve,
  })
  return { connection, isOpen: opened.promise, isClosed: closed.promise, problems }
}

test('a callback that throws closes its connection and leaves the process alone', async (t) => {
  const signals: { readonly to: 'offer' | 'answer'; readonly signal: Signal }[] = []
  const sides: Partial<Record<'offer' | 'answer', Side>> = {}
  const pass = () => {
    for (const { to, signal } of sides.answer ? signals.splice(0) : []) sides[to]?.connection.accept(signal)
  }
  const sendTo = (to: 'offer' | 'answer') => (signal: Signal) => {
    signals.push({ to, signal })
    pass()
  }
  sides.offer = open('offer', sendTo('answer'))
  const answer = (sides.answer = open('answer', sendTo('offer'), () => {
    throw new Error('nobody expected this message')
  }))
  t.after(() => Object.values(sides).forEach(({ connection }) => connection.close()))
  pass()
  await Promise.all([sides.offer.isOpen, answer.isOpen])
  sides.offer.connection.send(Uint8Array.of(1))
  await Promise.all([sides.offer.isClosed, answer.isClosed])
  assert.deepEqual(answer.problems, ['nobody expected this message'])
})

const descriptions: Readonly<Record<string, readonly Signal[]>> = {
  'an empty offer': [{ kind: 'offer', sdp: '' }],
  'an offer that is none': [{ kind: 'offer', sdp: 'x'.repeat(12_000) }],
  'an offer with a zero byte': [{ kind: 'offer', sdp: 'v=0\0' }],
  'an answer that nobody asked for': [{ kind: 'answer', sdp: offer }],
  'two offers': [
    { kind: 'offer', sdp: offer },
    { kind: 'offer', sdp: offer },
  ],
  'an answer after an offer': [
    { kind: 'offer', sdp: offer },
    { kind: 'answer', sdp: offer },
  ],
  'an offer without a fingerprint': [{ kind: 'offer', sdp: offer.replace(/a=fingerprint.*\r\n/, '') }],
  'an offer whose fingerprint is none': [{ kind: 'offer', sdp: offer.replace(/sha-256 .*/, 'sha-256 ZZ') }],
  'a port beyond all numbers': [{ kind: 'offer', sdp: offer.replace('5000', '9'.repeat(20)) }],
  'a setup that is none': [{ kind: 'offer', sdp: offer.replace('actpass', 'holdconn') }],
  'a long user name': [{ kind: 'offer', sdp: offer.replace('abcd', 'a'.repeat(9000)) }],
  'an offer of 150 media sections': [
    { kind: 'offer', sdp: offer + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:1\r\n'.repeat(150) },
  ],
  'an offer of no media section': [{ kind: 'offer', sdp: offer.split('m=')[0] ?? '' }],
  'an offer of another media section': [
    {
      kind: 'offer',
      sdp: offer.replace('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'm=audio 9 UDP/TLS/RTP/SAVPF 0'),
    },
  ],
  'an offer with a zero byte within': [{ kind: 'offer', sdp: offer.replace('abcd', 'ab\0cd') }],
  'an offer of 500 candidates': [
    { kind: 'offer', sdp: offer + 'a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n'.repeat(240) },
  ],
  'a candidate before any offer': [
    {
      kind: 'candidate',
      candidate: 'candidate:1 1 udp 2122260223 127.0.0.1 9 typ host',
      sdpMid: '0',
      sdpMLineIndex: 0,
    },
  ],
  'candidates that are none': [
    { kind: 'offer', sdp: offer },
    ...[
      'x',
      'candidate:',
      'candidate:1 1 udp 99999999999999999999 127.0.0.1 99999999 typ host',
      '\r\na=x',
    ].map((candidate) => ({ kind: 'candidate' as const, candidate, sdpMid: null, sdpMLineIndex: null })),
  ],
}

for (const [what, signals] of Object.entries(descriptions)) {
  test(`${what} from a peer throws nothing, and reports nothing`, (t) => {
    const { connection, problems } = open('answer', () => {})
    t.after(() => connection.close())
    for (const signal of signals) connection.accept(signal)
    assert.deepEqual(problems, [])
  })
}

const refused = [
  'an empty offer',
  'an offer that is none',
  'an offer with a zero byte',
  'an answer that nobody asked for',
  'two offers',
  'an answer after an offer',
  'an offer of 150 media sections',
  'an offer of no media section',
  'an offer of another media section',
  'an offer with a zero byte within',
]

for (const what of refused) {
  test(`${what} closes the connection that it is for`, async (t) => {
    const { connection, isClosed } = open('answer', () => {})
    t.after(() => connection.close())
    for (const signal of descriptions[what] ?? []) connection.accept(signal)
    await isClosed
  })
}

test('answers no description but one of a data channel', (t) => {
  const signals: Signal[] = []
  const { connection } = open('answer', (signal) => signals.push(signal))
  t.after(() => connection.close())
  for (const signal of descriptions['an offer of 150 media sections'] ?? []) connection.accept(signal)
  assert.deepEqual(signals, [])
})
