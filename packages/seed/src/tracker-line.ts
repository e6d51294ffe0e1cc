import {
  decodeTrackerServerMessage,
  encodeTrackerMessage,
  maxTrackerServerMessageLength,
  type TrackerClientMessage,
  type TrackerServerMessage,
  WireError,
} from '@peerpress/wire'
import { WebSocket } from 'ws'
import type { Guard } from './guard.ts'

const firstDelay = 1000
const longestDelay = 60_000
/** ms without a ping of the tracker, which sends one every 30 s, after which the line counts as broken. */
const silence = 75_000

/** What the line is given and whom it tells. */
export interface TrackerLineOptions {
  readonly guard: Guard
  readonly url: string
  /** Gets a fresh ticket and signs it; a rejection counts as a failed attempt. */
  readonly join: () => Promise<TrackerClientMessage>
  readonly onMessage: (message: TrackerServerMessage) => void
}

/** The line to the tracker; broken, it is opened again with growing, jittered delays, for ever: a seed is always on. */
export class TrackerLine {
  readonly #options: TrackerLineOptions
  #socket: WebSocket | undefined
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #isStopped = false

  constructor(options: TrackerLineOptions) {
    this.#options = options
    this.#connect()
  }

  send(message: TrackerClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeTrackerMessage(message))
  }

  stop(): void {
    this.#isStopped = true
    clearTimeout(this.#retry)
    this.send({ type: 'leave' })
    this.#socket?.close()
  }

  #connect(): void {
    this.#options
      .join()
      .then((join) => this.#joinWith(join))
      // No ticket now: whoever gives them has reported why.
      .catch(() => this.#connectLater())
  }

  #joinWith(join: TrackerClientMessage): void {
    if (this.#isStopped) return
    const socket = new WebSocket(this.#options.url, {
      perMessageDeflate: false,
      maxPayload: 4 * maxTrackerServerMessageLength,
      handshakeTimeout: 10_000,
    })
    this.#socket = socket
    const { guard } = this.#options
    const end = () => socket.terminate()
    const silent = setTimeout(guard.callback(end), silence)
    const on = (event: string, listen: (data: Buffer) => void) => {
      socket.on(event, guard.callback(listen, end))
    }
    on('open', () => this.send(join))
    on('ping', () => silent.refresh())
    on('message', (data) => this.#receive(socket, data.toString()))
    // `close` follows.
    on('error', () => {})
    on('close', () => {
      clearTimeout(silent)
      this.#connectLater()
    })
  }

  #receive(socket: WebSocket, text: string): void {
    let message: TrackerServerMessage
    try {
      message = decodeTrackerServerMessage(text)
    } catch (error) {
      // What a later release says is not for this one; all else is not said by a tracker.
      if (!(error instanceof WireError && error.code === 'unsupported')) socket.close()
      return
    }
    if (message.type === 'welcome') this.#failures = 0
    this.#options.onMessage(message)
  }

  #connectLater(): void {
    if (this.#isStopped) return
    const delay = Math.min(longestDelay, firstDelay * 2 ** this.#failures++)
    this.#retry = setTimeout(() => this.#connect(), delay * (0.5 + Math.random() / 2))
  }
}
