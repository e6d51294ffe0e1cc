import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { NetworkAccount } from '../admission/networks.ts'

/** Maximum of bytes that wait for a peer that does not read. */
const maxWaitingBytes = 1024 * 1024
/** Bytes from which on the network's account counts them. */
const minAccountedBytes = 64 * 1024
/** Maximum of messages that wait: a short message takes many times its length in memory. */
const maxWaitingMessages = 4096
/** Messages from which on signals of other peers are dropped. */
const manyWaitingMessages = 1024

/** Sends messages to a peer as long as the peer reads them, and counts the bytes that wait, also for its network. */
export class SendQueue {
  readonly #socket: WebSocket
  /** The stream that the socket writes to. */
  readonly #stream: Duplex
  readonly #account: NetworkAccount
  #waitingMessages = 0
  /** The bytes that the network's account counts. */
  #accounted = 0

  constructor(socket: WebSocket, stream: Duplex, account: NetworkAccount) {
    this.#socket = socket
    this.#stream = stream
    this.#account = account
    stream.on('drain', () => this.#countWaiting(0))
  }

  /**
   * Whether so much waits that no signals should be added. The limit is lower than that of `send`, so that strangers'
   * signals cannot end the connection.
   */
  get isBehind(): boolean {
    const waiting = this.#socket.bufferedAmount
    return waiting > minAccountedBytes || (waiting > 0 && this.#waitingMessages > manyWaitingMessages)
  }

  /** Sends a message; false, and not sent, if too much waits already. */
  send(text: string): boolean {
    const waiting = this.#socket.bufferedAmount
    this.#waitingMessages = waiting === 0 ? 0 : this.#waitingMessages + 1
    if (
      waiting > maxWaitingBytes ||
      this.#waitingMessages > maxWaitingMessages ||
      (waiting > minAccountedBytes && !this.#countWaiting(waiting))
    )
      return false
    corkForThisTurn(this.#stream)
    this.#socket.send(text)
    return true
  }

  /** Removes the bytes from the network's account. */
  release(): void {
    this.#countWaiting(0)
  }

  /** False if too many bytes wait for peers of the network. */
  #countWaiting(bytes: number): boolean {
    const more = bytes - this.#accounted
    this.#accounted = bytes
    return this.#account.letWait(more)
  }
}

/** Streams whose messages of this turn of the event loop wait for its end. */
let corked: Duplex[] = []

/**
 * Sends a stream's messages of one turn of the event loop by one system call. System calls are two thirds of a
 * message's cost.
 */
function corkForThisTurn(stream: Duplex): void {
  if (stream.writableCorked > 0) return
  stream.cork()
  // One call for all streams: thousands of them may send in one turn.
  if (corked.push(stream) === 1) setImmediate(uncorkAll)
}

function uncorkAll(): void {
  const streams = corked
  corked = []
  for (const stream of streams) stream.uncork()
}
