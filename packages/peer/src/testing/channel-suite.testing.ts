import assert from 'node:assert/strict'
import { describe, test, type TestContext } from 'node:test'
import type { Signal } from '@peerpress/wire'
import { highWater, type OpenChannel } from '../connections/channel.ts'
import { PeerConnection } from '../connections/peer-connection.ts'

/** An offer of one data channel, as browsers make it. */
export const offer = [
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

/** Descriptions that close the connection they are for, before the runtime's WebRTC reads them. */
const refused: Readonly<Record<string, readonly Signal[]>> = {
  'an empty offer': [{ kind: 'offer', sdp: '' }],
  'an offer that is none': [{ kind: 'offer', sdp: 'x'.repeat(12_000) }],
  'an offer with a zero byte': [{ kind: 'offer', sdp: 'v=0\0' }],
  'an offer with a zero byte within': [{ kind: 'offer', sdp: offer.replace('abcd', 'ab\0cd') }],
  'an answer without an offer': [{ kind: 'answer', sdp: offer }],
  'a second offer': [
    { kind: 'offer', sdp: offer },
    { kind: 'offer', sdp: offer },
  ],
  'an answer after an offer': [
    { kind: 'offer', sdp: offer },
    { kind: 'answer', sdp: offer },
  ],
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
}

interface Side {
  readonly connection: PeerConnection
  readonly signals: readonly Signal[]
  readonly isOpen: Promise<void>
  readonly isClosed: Promise<void>
  readonly timeOut: () => void
  readonly closings: () => number
}

/** Tests connections with the data channels of this shell. */
export function testChannels(openChannel: OpenChannel): void {
  describe('a connection', { timeout: 60_000 }, () => connections(openChannel))
}

function connections(openChannel: OpenChannel): void {
  function open(
    t: TestContext,
    role: 'offer' | 'answer',
    {
      onSignal = () => {},
      onMessage = () => {},
    }: {
      readonly onSignal?: (signal: Signal) => void
      readonly onMessage?: (bytes: Uint8Array) => void
    } = {},
  ): Side {
    const opened = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const signals: Signal[] = []
    let timeOut = (): void => {}
    let closings = 0
    const connection = new PeerConnection({
      openChannel,
      setTimer(callback) {
        timeOut = callback
        return () => {}
      },
      ice: { iceServers: [] },
      role,
      onSignal(signal) {
        signals.push(signal)
        onSignal(signal)
      },
      onOpen: opened.resolve,
      onMessage,
      onClosed() {
        closings++
        closed.resolve()
      },
    })
    t.after(() => connection.close())
    const [isOpen, isClosed] = [opened.promise, closed.promise]
    return { connection, signals, isOpen, isClosed, timeOut: () => timeOut(), closings: () => closings }
  }

  /** Two sides that are connected. On a busy machine, libdatachannel fails one of a hundred handshakes: then once more. */
  async function pair(
    t: TestContext,
    onMessage?: (bytes: Uint8Array) => void,
  ): Promise<readonly [Side, Side]> {
    for (let attempt = 1; ; attempt++) {
      const sides = beginPair(t, onMessage)
      const isOpen = Promise.all(sides.map((side) => side.isOpen)).then(() => true)
      const isClosed = Promise.race(sides.map((side) => side.isClosed)).then(() => false)
      if (await Promise.race([isOpen, isClosed])) return sides
      assert.ok(attempt < 5, 'no connection opens')
    }
  }

  function beginPair(t: TestContext, onMessage?: (bytes: Uint8Array) => void): readonly [Side, Side] {
    const early: Signal[] = []
    let answering: Side | undefined
    const offering = open(t, 'offer', {
      onSignal(signal) {
        if (answering) answering.connection.accept(signal)
        else early.push(signal)
      },
    })
    answering = open(t, 'answer', {
      onSignal: (signal) => offering.connection.accept(signal),
      ...(onMessage && { onMessage }),
    })
    for (const signal of early) answering.connection.accept(signal)
    return [offering, answering]
  }

  test('carries messages in order, more of them than its buffer holds', async (t) => {
    const lengths: number[] = []
    const all = Promise.withResolvers<void>()
    const count = (3 * highWater) / 16_384
    const [offering] = await pair(t, (bytes) => {
      lengths.push(bytes.length)
      if (lengths.length > count) all.resolve()
    })
    const messages = Array.from({ length: count }, (_, i) => new Uint8Array(16_384 - (i % 7)))
    await offering.connection.sendAll(messages)
    offering.connection.send(Uint8Array.of(1))
    await all.promise
    assert.deepEqual(lengths, [...messages.map(({ length }) => length), 1])
  })

  test('sends the next messages after some that cannot be made', async (t) => {
    const received = Promise.withResolvers<number>()
    const [offering] = await pair(t, ({ length }) => received.resolve(length))
    const broken = {
      [Symbol.iterator]: (): never => {
        throw new Error('cannot be encoded')
      },
    }
    await assert.rejects(offering.connection.sendAll(broken), /cannot be encoded/)
    await offering.connection.sendAll([new Uint8Array(3)])
    assert.equal(await received.promise, 3)
  })

  test('that one side closes is closed on the other, once', async (t) => {
    const [offering, answering] = await pair(t)
    answering.connection.close()
    await offering.isClosed
    offering.connection.close()
    answering.connection.send(Uint8Array.of(1))
    await answering.connection.sendAll([new Uint8Array(10)])
    assert.deepEqual([offering.closings(), answering.closings()], [1, 0])
  })

  test('that does not open in time is closed', async (t) => {
    const side = open(t, 'answer')
    side.timeOut()
    await side.isClosed
    assert.equal(side.closings(), 1)
  })

  test('that is open is not negotiated again', async (t) => {
    const [offering, answering] = await pair(t)
    const [again] = offering.signals.filter(({ kind }) => kind === 'offer')
    assert.ok(again)
    const before = answering.signals.length
    answering.connection.accept(again)
    await answering.isClosed
    assert.equal(answering.signals.slice(before).filter(({ kind }) => kind === 'answer').length, 0)
  })

  for (const [what, signals] of Object.entries(refused))
    test(`is closed by ${what}, which is not answered`, async (t) => {
      const side = open(t, 'answer')
      for (const signal of signals) side.connection.accept(signal)
      await side.isClosed
      const answers = side.signals.filter(({ kind }) => kind === 'answer')
      assert.ok(answers.length < signals.length)
    })
}
