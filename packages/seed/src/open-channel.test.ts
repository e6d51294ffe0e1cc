import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offer, PeerConnection } from '@peerpress/peer/suite'
import type { Signal } from '@peerpress/wire'
import { Guard } from './guard.ts'
import { nodePlatform } from './node-platform.ts'
import { channelOpener } from './open-channel.ts'

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
  const guard = new Guard(({ message }) => problems.push(message))
  const connection = new PeerConnection({
    openChannel: channelOpener(guard),
    setTimer: nodePlatform(guard).setTimer,
    ice: { iceServers: [] },
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

/** Signals that the shared connection passes on, and that no browser makes. */
const descriptions: Readonly<Record<string, readonly Signal[]>> = {
  'an offer without a fingerprint': [{ kind: 'offer', sdp: offer.replace(/a=fingerprint.*\r\n/, '') }],
  'an offer whose fingerprint is none': [{ kind: 'offer', sdp: offer.replace(/sha-256 .*/, 'sha-256 ZZ') }],
  'a port beyond all numbers': [{ kind: 'offer', sdp: offer.replace('5000', '9'.repeat(20)) }],
  'a setup that is none': [{ kind: 'offer', sdp: offer.replace('actpass', 'holdconn') }],
  'a long user name': [{ kind: 'offer', sdp: offer.replace('abcd', 'a'.repeat(9000)) }],
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

for (const [what, signals] of Object.entries(descriptions))
  test(`${what} from a peer throws nothing, and reports nothing`, async (t) => {
    const { connection, isClosed, problems } = open('answer', () => {})
    t.after(() => connection.close())
    for (const signal of signals) connection.accept(signal)
    // It is refused by native code, or the signals are applied before this message, which cannot be sent.
    await new Promise(setImmediate)
    connection.send(Uint8Array.of(1))
    await isClosed
    assert.deepEqual(problems, [])
  })
