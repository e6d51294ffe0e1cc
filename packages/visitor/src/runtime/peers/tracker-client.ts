import {
  decodeTrackerServerMessage,
  type TrackerClientMessage,
  type TrackerErrorCode,
  type TrackerServerMessage,
  WireError,
} from '@peerpress/wire'
import { toJson } from '@peerpress/wire/to-json'

const firstDelay = 1000
const longestDelay = 60_000
const maxAttempts = 8
/** ms that a tracker is left alone at least when it has too much to do. */
const crowdedDelay = 30_000
/** ms after which a line that broke counts as one that worked. */
const steadyTime = 30_000
/** ms, of which up to half is drawn off: a tracker that ended in order is back soon, and is not to meet all readers at once. */
const restartDelay = 10_000
/** WebSocket close code of an endpoint that goes away (RFC 6455 section 7.4.1). */
const goingAway = 1001
/**
 * ms after which a page that gave the tracker up asks again whether the site's policy still admits its peers; with the time
 * that a ticket may take, a stricter policy counts within a minute.
 */
const policyCheck = 45_000
/** Tickets in a row that may be refused: the first may have been too old, or got over another network. */
const maxBadTickets = 2

/** What the tracker client is given and whom it tells. */
export interface TrackerClientOptions {
  /** `ws:` or `wss:` URL. */
  readonly url: string
  /**
   * Gets a fresh ticket and signs it; a rejection counts as a failed attempt. null: the page may not join any more.
   */
  readonly join: () => Promise<TrackerClientMessage | null>
  /** The page may not join any more: the site's policy changed. */
  readonly onRefused: () => void
  /** Whether the page is connected to peers. */
  readonly hasPeers: () => boolean
  readonly onMessage: (message: TrackerServerMessage) => void
}

/**
 * The page's line to the tracker: joins, and joins again with growing, jittered delays when the line breaks. After
 * eight failures in a row, or two refused tickets, or when the tracker wants none of it, it gives up: the peers that are
 * connected stay as long as the site's policy admits them.
 */
export class TrackerClient {
  readonly #options: TrackerClientOptions
  #socket: WebSocket | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #failures = 0
  #badTickets = 0
  #leastDelay = 0
  /** When the tracker last welcomed this page, on the clock of `performance.now()`. */
  #welcomed = Infinity
  #wanted = false

  constructor(options: TrackerClientOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#wanted) return
    this.#wanted = true
    this.#failures = 0
    this.#badTickets = 0
    this.#connect()
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
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(toJson(message))
  }

  #connect(): void {
    this.#options
      .join()
      .then((join) => this.#joinWith(join))
      // No ticket now.
      .catch(() => this.#connectLater())
  }

  #joinWith(join: TrackerClientMessage | null): void {
    if (!this.#wanted) return
    if (!join) {
      this.#giveUp()
      return
    }
    const socket = this.#open()
    if (!socket) return
    socket.addEventListener('open', () => this.send(join))
    socket.addEventListener('message', ({ data }) => this.#receive(socket, data))
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket !== socket) return
      if (code === goingAway) this.#leastDelay = restartDelay
      this.#socket = undefined
      if (performance.now() - this.#welcomed > steadyTime) this.#failures = 0
      this.#connectLater()
    })
  }

  /** undefined where the page's own policy forbids the line: it will forbid the next one too. */
  #open(): WebSocket | undefined {
    try {
      this.#socket = new WebSocket(this.#options.url)
    } catch {
      this.#wanted = false
    }
    return this.#socket
  }

  #receive(socket: WebSocket, data: unknown): void {
    try {
      const message = decodeTrackerServerMessage(String(data))
      if (message.type === 'welcome') {
        this.#badTickets = 0
        this.#welcomed = performance.now()
      } else if (message.type === 'error') {
        this.#refused(message.code)
      }
      this.#options.onMessage(message)
    } catch (error) {
      // What a later release says is not for this one; all else is not said by a tracker.
      if (!(error instanceof WireError && error.code === 'unsupported')) socket.close()
    }
  }

  /** The tracker says why it is about to close the line. */
  #refused(code: TrackerErrorCode): void {
    if (code === 'bad-ticket') this.#badTickets++
    if (code === 'banned') this.#wanted = false
    if (code === 'policy-changed') this.#giveUp()
    if (code === 'full' || code === 'rate-limited') this.#leastDelay = crowdedDelay
  }

  #giveUp(): void {
    this.stop()
    this.#options.onRefused()
  }

  #connectLater(): void {
    if (!this.#wanted) return
    if (++this.#failures > maxAttempts || this.#badTickets >= maxBadTickets) {
      this.#checkPolicyLater()
      return
    }
    const backoff = Math.min(longestDelay, firstDelay * 2 ** (this.#failures - 1))
    const delay = Math.max(this.#leastDelay, backoff)
    this.#leastDelay = 0
    this.#welcomed = Infinity
    this.#retry = setTimeout(() => this.#connect(), delay * (0.5 + Math.random() / 2))
  }

  /** No tracker tells a page that gave it up. */
  #checkPolicyLater(): void {
    this.#retry = setTimeout(() => this.#checkPolicy(), policyCheck * (0.9 + Math.random() / 10))
  }

  #checkPolicy(): void {
    const join = this.#options.hasPeers() ? this.#options.join() : Promise.resolve(undefined)
    join.then((message) => this.#obey(message)).catch(() => this.#checkPolicyLater())
  }

  #obey(message: TrackerClientMessage | null | undefined): void {
    if (!this.#wanted) return
    if (message === null) this.#giveUp()
    else this.#checkPolicyLater()
  }
}
