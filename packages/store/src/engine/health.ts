/** The last known state of an engine. */
export interface StoreHealth {
  /**
   * - `ready`: it answered the last ping.
   * - `starting`: it, or the connection to its server, was started and has not answered yet.
   * - `unresponsive`: a ping has waited for more than 5 s.
   * - `down`: it could not be started or reached.
   * - `closed`: the store was closed.
   */
  readonly state: 'ready' | 'starting' | 'unresponsive' | 'down' | 'closed'
  /** ms since it last answered a ping; null if it never did. */
  readonly answeredMsAgo: number | null
}

const intervalMs = 2000
/**
 * A ping that waits longer, ms, makes the engine `unresponsive`. A busy engine answers within some ms, or some 100 ms
 * on a full machine.
 */
const timeoutMs = 5000

export interface HeartbeatOptions {
  /** Rejects when the engine is down. */
  readonly ping: () => Promise<unknown>
  /**
   * Called once when a ping has waited for this many ms.
   * @default nothing
   */
  readonly onHung?: { readonly afterMs: number; readonly call: () => void }
  /**
   * Whether the engine has just answered another call.
   * @default false
   */
  readonly hasAnswered?: boolean
  /**
   * A monotonic clock, ms.
   * @default performance.now
   */
  readonly now?: () => number
}

/** Pings an engine every 2 s, outside of any queue, and stores the result. Its timers keep no process alive. */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  #isWaiting = false
  /** Intervals that have passed since the waiting ping was sent. A blocked event loop in this process counts as one. */
  #missed = 0
  #answeredAt: number | null = null
  #failed = false
  #isHung = false

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    if (options.hasAnswered) this.#answeredAt = this.#now()
    this.#timer = setInterval(() => this.#beat(), intervalMs).unref()
    this.#beat()
  }

  get health(): StoreHealth {
    const now = this.#now()
    const answeredMsAgo = this.#answeredAt === null ? null : now - this.#answeredAt
    if (this.#missed * intervalMs > timeoutMs) return { state: 'unresponsive', answeredMsAgo }
    if (this.#failed) return { state: 'down', answeredMsAgo }
    return { state: this.#answeredAt === null ? 'starting' : 'ready', answeredMsAgo }
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #beat(): void {
    if (this.#isWaiting) {
      this.#missed++
      const { onHung } = this.#options
      if (onHung === undefined || this.#isHung || this.#missed * intervalMs < onHung.afterMs) return
      this.#isHung = true
      onHung.call()
      return
    }
    this.#isWaiting = true
    const settle = (failed: boolean) => {
      this.#isWaiting = false
      this.#missed = 0
      this.#failed = failed
      if (!failed) this.#answeredAt = this.#now()
    }
    this.#options.ping().then(
      () => settle(false),
      () => settle(true),
    )
  }
}
