import {
  decodeTrackerServerMessage,
  encodeTrackerMessage,
  maxTrackerServerMessageLength,
  type TrackerClientMessage,
  type TrackerServerMessage,
} from '@peerpress/wire'
import { WebSocket } from 'ws'

const firstDelay = 1000
const longestDelay = 60_000
/** ms without a ping of the tracker, which sends one every 30 s, after which the line counts as broken. */
const silence = 75_000

/** What the line is given and whom it tells. */
export interface TrackerLineOptions {
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
    void this.#connect()
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

  async #connect(): Promise<void> {
    let join: TrackerClientMessage
    try {
      join = await this.#options.join()
    } catch {
      this.#connectLater()
      return
    }
    if (this.#isStopped) return
    const socket = new WebSocket(this.#options.url, {
      perMessageDeflate: false,
      maxPayload: 4 * maxTrackerServerMessageLength,
      handshakeTimeout: 10_000,
    })
    this.#socket = socket
    const silent = setTimeout(() => socket.terminate(), silence)
    socket.on('open', () => this.send(join))
    socket.on('ping', () => silent.refresh())
    socket.on('message', (data: Buffer) => this.#receive(socket, data.toString()))
    // `close` follows.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(silent)
      this.#connectLater()
    })
  }

  #receive(socket: WebSocket, text: string): void {
    let message: TrackerServerMessage
    try {
      message = decodeTrackerServerMessage(text)
    } catch {
      socket.close()
      return
    }
    if (message.type === 'welcome') this.#failures = 0
    this.#options.onMessage(message)
  }

  #connectLater(): void {
    if (this.#isStopped) return
    const delay = Math.min(longestDelay, firstDelay * 2 ** this.#failures++)
    this.#retry = setTimeout(() => void this.#connect(), delay * (0.5 + Math.random() / 2))
  }
}
