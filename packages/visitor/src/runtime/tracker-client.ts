import {
  decodeTrackerServerMessage,
  encodeTrackerMessage,
  type TrackerClientMessage,
  type TrackerServerMessage,
} from '@peerpress/wire'

const firstDelay = 1000
const longestDelay = 60_000
const maxAttempts = 8

/** What the tracker client is given and whom it tells. */
export interface TrackerClientOptions {
  /** `ws:` or `wss:` URL. */
  readonly url: string
  /** Gets a fresh ticket; a rejection counts as a failed attempt. */
  readonly ticket: () => Promise<string>
  readonly onMessage: (message: TrackerServerMessage) => void
}

/**
 * The page's line to the tracker: joins, and joins again with growing, jittered delays when the line breaks. After
 * eight failures in a row it gives up: the peers that are connected stay.
 */
export class TrackerClient {
  readonly #options: TrackerClientOptions
  #socket: WebSocket | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #wanted = false

  constructor(options: TrackerClientOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#failures = 0
    void this.#connect()
  }

  stop(): void {
    this.#wanted = false
    clearTimeout(this.#retry)
    this.send({ type: 'leave' })
    this.#socket?.close()
    this.#socket = undefined
  }

  /** Sends when the line is up; what cannot be said now is not worth saying later. */
  send(message: TrackerClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeTrackerMessage(message))
  }

  async #connect(): Promise<void> {
    let ticket: string
    try {
      ticket = await this.#options.ticket()
    } catch {
      this.#connectLater()
      return
    }
    if (!this.#wanted) return
    const socket = new WebSocket(this.#options.url)
    this.#socket = socket
    socket.addEventListener('open', () => this.send({ type: 'join', ticket }))
    socket.addEventListener('message', ({ data }) => this.#receive(socket, data))
    socket.addEventListener('close', () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      this.#connectLater()
    })
  }

  #receive(socket: WebSocket, data: unknown): void {
    let message: TrackerServerMessage
    try {
      message = decodeTrackerServerMessage(String(data))
    } catch {
      // Not a tracker, or one of another age.
      socket.close()
      return
    }
    if (message.type === 'welcome') this.#failures = 0
    this.#options.onMessage(message)
  }

  #connectLater(): void {
    if (!this.#wanted || ++this.#failures > maxAttempts) return
    const delay = Math.min(longestDelay, firstDelay * 2 ** (this.#failures - 1))
    this.#retry = setTimeout(() => void this.#connect(), delay * (0.5 + Math.random() / 2))
  }
}
