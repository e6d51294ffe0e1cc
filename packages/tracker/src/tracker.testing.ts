import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import {
  decodeTrackerServerMessage,
  encodeBase64Url,
  encodeTrackerMessage,
  joinStatement,
  type PeerId,
  type TrackerClientMessage,
  type TrackerServerMessage,
} from '@peerpress/wire'
import { type ClientOptions, WebSocket } from 'ws'
import type { TrackerEvent } from './connection/event-counts.ts'
import { createTracker, type Tracker, type TrackerOptions } from './tracker.ts'

export const ticketKey = new Uint8Array(32).fill(7)
const site = 'abcdefgh01234567'
const timeout = 30_000

/** Starts a tracker behind a real HTTP server, with clients for it. Everything is closed when the test ends. */
export async function startTracker(t: TestContext, options: Partial<TrackerOptions> = {}) {
  const tracker = createTracker({ ticketKey, iceServers: [], ...options })
  const http = createServer()
  // Stands in for the trusted proxy's header.
  http.on('upgrade', (request, socket, head) => {
    tracker.upgrade(request, socket, head, String(request.headers['x-test-address'] ?? '192.0.2.1'))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.after(async () => {
    await tracker.close()
    http.close()
    http.closeAllConnections()
  })
  return new TrackerUnderTest(tracker, http)
}

/** Resolves when the socket is closed, regularly or by an error. */
export async function closing(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
}

/** A peer's key, and the statements it signs. */
export class TestKey {
  readonly id: PeerId
  readonly #key: KeyObject

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    this.#key = privateKey
    this.id = publicKey.export({ format: 'jwk' }).x ?? ''
  }

  sign(statement: Uint8Array): string {
    return encodeBase64Url(new Uint8Array(sign(null, statement, this.#key)))
  }

  join(ticket: string): TrackerClientMessage {
    return { type: 'join', ticket, peer: this.id, signature: this.sign(joinStatement(ticket)) }
  }
}

/** A reader that does not read, the server's end of its connection, and peers that it was introduced to. */
interface Stall {
  readonly notReading: TestPeer
  readonly served: Socket
  readonly senders: readonly TestPeer[]
  readonly wait: () => void
}

export class TrackerUnderTest {
  readonly tracker: Tracker
  readonly port: number

  readonly #http: Server

  constructor(tracker: Tracker, http: Server) {
    this.tracker = tracker
    this.port = (http.address() as AddressInfo).port
    this.#http = http
  }

  /** Opens a TCP connection whose client never closes its side by itself. Returns both ends. */
  async connectRaw(): Promise<{ readonly client: Socket; readonly served: Socket }> {
    const connection = once(this.#http, 'connection', { signal: AbortSignal.timeout(timeout) })
    const client = connect({ port: this.port, host: '127.0.0.1', allowHalfOpen: true })
    client.on('error', () => {})
    const [served] = (await connection) as [Socket]
    return { client, served }
  }

  ticket(post = '1', address = '192.0.2.1'): Promise<string> {
    return this.tracker.issueTicket({ site, post, address })
  }

  /** Connects a client that sends nothing. */
  async connect(
    address = '192.0.2.1',
    options: ClientOptions & { readonly autoPong?: boolean; readonly peerKey?: TestKey } = {},
  ) {
    const url = `ws://127.0.0.1:${this.port}/`
    const { peerKey, ...rest } = options
    const peer = new TestPeer(
      new WebSocket(url, { headers: { 'x-test-address': address }, ...rest }),
      peerKey,
    )
    await once(peer.socket, 'open', { signal: AbortSignal.timeout(timeout) })
    return peer
  }

  /** Connects a client and joins it to the post's room. */
  async join(post = '1', address = '192.0.2.1'): Promise<TestPeer> {
    const peer = await this.connect(address)
    peer.join(await this.ticket(post, address))
    assert.equal((await peer.next()).type, 'welcome')
    return peer
  }

  /** Connects and joins a client. Returns it with the server's end of its connection. */
  async joinServed(): Promise<[TestPeer, Socket]> {
    const connection = once(this.#http, 'connection', { signal: AbortSignal.timeout(timeout) })
    const peer = await this.join()
    const [served] = (await connection) as [Socket]
    return [peer, served]
  }

  /**
   * Fills the kernel's buffers for a reader that does not read, which take some megabytes, with signals of others
   * until something waits in the tracker. `wait` lets enough time pass for the next signals.
   */
  async stall({ notReading, served, senders, wait }: Stall): Promise<void> {
    const signal = { kind: 'offer', sdp: 'x'.repeat(12_000) } as const
    while (served.writableLength === 0) {
      wait()
      for (const sender of senders)
        for (let i = 0; i < 3; i++) sender.send({ type: 'signal', to: notReading.id, signal })
      await Promise.all(senders.map((sender) => sender.settle()))
    }
  }

  /** Makes the tracker send a peer this many short messages, or as many as it gets before its connection is closed. */
  async provoke(peer: TestPeer, served: Socket, messages: number): Promise<void> {
    const expected = this.tracker.counts()['already-joined'] + messages
    const join = encodeTrackerMessage(peer.key.join(''))
    for (let i = 0; i < messages; i++) peer.socket.send(join)
    while (!served.destroyed && this.tracker.counts()['already-joined'] < expected)
      await new Promise((resolve) => setImmediate(resolve))
  }

  /** Resolves when the event was counted this often. */
  async counted(event: TrackerEvent, times = 1): Promise<void> {
    const deadline = Date.now() + timeout
    while (this.tracker.counts()[event] < times) {
      assert.ok(Date.now() < deadline, `${event} was counted ${this.tracker.counts()[event]} times`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** A WebSocket client that stores messages until they are read. */
export class TestPeer {
  readonly socket: WebSocket
  readonly closed: Promise<number>
  readonly key: TestKey
  /** Messages about the size of its swarm, which arrive between the others. */
  readonly sizes: number[] = []
  readonly #heard: TrackerServerMessage[] = []
  #wake: () => void = () => {}

  constructor(socket: WebSocket, key = new TestKey()) {
    this.socket = socket
    this.key = key
    this.closed = new Promise((resolve) => {
      socket.once('close', (code) => {
        resolve(code)
        this.#wake()
      })
    })
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      const message = decodeTrackerServerMessage(data.toString())
      if (message === null) throw new Error('the tracker sent a message of an unknown type')
      if (message.type === 'swarm') this.sizes.push(message.peers)
      else this.#heard.push(message)
      this.#wake()
    })
  }

  get id(): PeerId {
    return this.key.id
  }

  join(ticket: string): void {
    this.send(this.key.join(ticket))
  }

  send(message: TrackerClientMessage): void {
    this.socket.send(encodeTrackerMessage(message))
  }

  /** Returns the next message. Fails if the connection ends or no message arrives in time. */
  async next(): Promise<TrackerServerMessage> {
    const deadline = setTimeout(() => this.socket.terminate(), timeout)
    try {
      for (;;) {
        const message = this.#heard.shift()
        if (message !== undefined) return message
        assert.ok(this.socket.readyState === WebSocket.OPEN, 'closed, or no message in time')
        await new Promise<void>((resolve) => (this.#wake = resolve))
      }
    } finally {
      clearTimeout(deadline)
    }
  }

  /** Resolves to the close code when the other side closes. */
  async closeCode(): Promise<number> {
    const deadline = setTimeout(() => this.socket.terminate(), timeout)
    const code = await this.closed
    clearTimeout(deadline)
    return code
  }

  /** Returns messages that were not read before the connection was closed. */
  async rest(): Promise<readonly TrackerServerMessage[]> {
    await this.closeCode()
    return this.#heard
  }

  /**
   * Sends a message out of order and waits for its refusal. All earlier messages to this peer have then arrived.
   */
  async settle(): Promise<readonly TrackerServerMessage[]> {
    this.join('')
    const before: TrackerServerMessage[] = []
    for (;;) {
      const message = await this.next()
      if (message.type === 'error' && message.code === 'already-joined') return before
      before.push(message)
    }
  }
}
