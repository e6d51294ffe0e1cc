import {
  decodeTrackerServerMessage,
  type TrackerClientMessage,
  type TrackerErrorCode,
  type TrackerServerMessage,
} from '@peerpress/wire'
import { toJson } from '@peerpress/wire/to-json'
import type { Clock, OpenSocket, Socket } from '../platform.ts'

const firstDelay = 1000
const maxDelay = 60_000
/** Minimum ms before the next attempt after the tracker reported that it is overloaded. */
const overloadedDelay = 30_000
/** ms after the welcome from which a line counts as one that worked: failures before it are forgotten. */
const steadyTime = 30_000
/** ms, half of it random: a tracker that restarts must not meet all its peers at once. */
const restartDelay = 10_000
/** WebSocket close code of an endpoint that goes away (RFC 6455 section 7.4.1). */
const goingAway = 1001
/**
 * ms between two checks of the site's policy after the last attempt at the tracker. With the time that a ticket may take,
 * a stricter policy takes effect within a minute.
 */
const policyCheck = 45_000
/** Refused tickets in a row after which the line gives up: the first may have been too old, or for another network. */
const maxBadTickets = 2
/** `readyState` of a WebSocket that is open. */
const open = 1

/** What a {@link TrackerLine} needs, and where it reports. */
export interface TrackerLineOptions {
  readonly platform: Clock & { readonly openSocket: OpenSocket }
  /** `ws:` or `wss:` URL. */
  readonly url: string
  /**
   * Gets a fresh ticket and signs it. A rejection counts as a failed attempt. null means that the site's policy admits
   * this peer no more.
   */
  readonly join: () => Promise<TrackerClientMessage | null>
  /** Called when the site's policy admits this peer no more. The line is stopped. */
  readonly onRefused: () => void
  /** Returns whether this peer is connected to others, which a stricter policy would disconnect. */
  readonly hasPeers: () => boolean
  readonly onMessage: (message: TrackerServerMessage) => void
  /** Failures in a row after which no further attempt is made. A seed never gives up: Infinity. */
  readonly maxAttempts: number
}

/**
 * The line to the tracker. It joins, and joins again with growing, jittered delays after the line broke. When it gives
 * up, connected peers stay as long as the site's policy admits them.
 */
export class TrackerLine {
  readonly #options: TrackerLineOptions
  #socket: Socket | undefined
  #cancelRetry = (): void => {}
  #failures = 0
  #badTickets = 0
  #minDelay = 0
  /** When the tracker last welcomed this peer. */
  #welcomed = Infinity
  /** Changes with each start and stop: what an earlier run still waits for is ignored. */
  #run: object | undefined

  constructor(options: TrackerLineOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#run) return
    this.#run = {}
    this.#failures = 0
    this.#badTickets = 0
    this.#connect()
  }

  stop(): void {
    this.#run = undefined
    this.#cancelRetry()
    this.send({ type: 'leave' })
    const socket = this.#socket
    this.#socket = undefined
    // Node's WebSocket reports a close at once when it was still connecting.
    socket?.close()
  }

  /** Sends if the line is up; otherwise the message is dropped, because it would be outdated later. */
  send(message: TrackerClientMessage): void {
    if (this.#socket?.readyState === open) this.#socket.send(toJson(message))
  }

  #connect(): void {
    this.#attempt(this.#options.join, (join) => this.#joinWith(join))
  }

  /** Takes a ticket. A result that comes after `stop()` is ignored. */
  #attempt<Result>(work: () => Promise<Result>, use: (result: Result) => void): void {
    const run = this.#run
    work()
      .then((result) => (run === this.#run ? use(result) : undefined))
      .catch(() => {
        if (run === this.#run) this.#connectLater()
      })
  }

  #joinWith(join: TrackerClientMessage | null): void {
    if (!join) {
      this.#giveUp()
      return
    }
    const { platform, url } = this.#options
    let socket: Socket
    try {
      this.#socket = socket = platform.openSocket(url)
    } catch {
      // The page's own policy forbids the line, and will forbid the next one.
      this.#failures = Infinity
      this.#connectLater()
      return
    }
    socket.addEventListener('open', () => this.send(join))
    socket.addEventListener('message', ({ data }) => this.#receive(socket, data))
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket !== socket) return
      if (code === goingAway) this.#minDelay = restartDelay
      this.#socket = undefined
      if (platform.now() - this.#welcomed > steadyTime) this.#failures = 0
      this.#connectLater()
    })
  }

  #receive(socket: Socket, data: unknown): void {
    if (this.#socket !== socket) return
    try {
      const message = decodeTrackerServerMessage(String(data))
      // A later release may send further types.
      if (message === null) return
      if (message.type === 'welcome') {
        this.#badTickets = 0
        this.#welcomed = this.#options.platform.now()
      } else if (message.type === 'error') {
        this.#refused(message.code)
      }
      this.#options.onMessage(message)
    } catch {
      // The message is not from a tracker.
      socket.close()
    }
  }

  /** Handles the reason that the tracker gives before it closes the line. */
  #refused(code: TrackerErrorCode): void {
    if (code === 'banned' || (code === 'bad-ticket' && ++this.#badTickets >= maxBadTickets))
      this.#failures = Infinity
    if (code === 'policy-changed') this.#giveUp()
    if (code === 'full' || code === 'rate-limited') this.#minDelay = overloadedDelay
  }

  #giveUp(): void {
    this.stop()
    this.#options.onRefused()
  }

  #connectLater(): void {
    const { maxAttempts } = this.#options
    if (++this.#failures > maxAttempts) {
      this.#checkPolicyLater()
      return
    }
    const backoff = Math.min(maxDelay, firstDelay * 2 ** (this.#failures - 1))
    const delay = Math.max(this.#minDelay, backoff)
    this.#minDelay = 0
    this.#welcomed = Infinity
    this.#later(() => this.#connect(), delay, 0.5)
  }

  /** Without the tracker, only a refused ticket shows that the policy became stricter. */
  #checkPolicyLater(): void {
    this.#later(() => this.#checkPolicy(), policyCheck, 0.1)
  }

  #checkPolicy(): void {
    if (!this.#options.hasPeers()) {
      this.#checkPolicyLater()
      return
    }
    this.#attempt(this.#options.join, (message) => {
      if (message) this.#checkPolicyLater()
      else this.#giveUp()
    })
  }

  /** Calls `work` after `ms`, of which up to `jitter` (ratio 0-1) is taken off at random. */
  #later(work: () => void, ms: number, jitter: number): void {
    const { random, setTimer } = this.#options.platform
    this.#cancelRetry = setTimer(work, ms * (1 - jitter * random()))
  }
}
