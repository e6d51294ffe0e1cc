import { aborted } from './locks.ts'

const lock = 'peerpress'

/** Callbacks of {@link Leadership}. */
export interface LeadershipOptions {
  readonly onLead: () => void
  /** The page no longer leads: it stopped, or another page took the lead. */
  readonly onEnd: () => void
}

/**
 * Elects the leading page among the site's pages in this browser: the page that holds the lock. If it releases the lock, is
 * closed or crashes, the page that has waited longest is next.
 */
export class Leadership {
  readonly #options: LeadershipOptions
  #standing: AbortController | undefined
  #known: Promise<void> | undefined
  #leads = false

  constructor(options: LeadershipOptions) {
    this.#options = options
  }

  /** Waits for the lead until it is stopped. Resolves when this page or another one leads. */
  start(): Promise<void> {
    return (this.#known ??= new Promise((known) => this.#stand({ ifAvailable: true }, known)))
  }

  stop(): void {
    this.#known = undefined
    this.#standing?.abort()
    this.#standing = undefined
    this.#end()
  }

  /** Takes the lead from a page that no longer answers. */
  take(): void {
    if (!this.#standing || this.#leads) return
    this.#standing.abort()
    this.#stand({ steal: true })
  }

  #stand(how: LockOptions, known = (): void => {}): void {
    const standing = new AbortController()
    this.#standing = standing
    const { signal } = standing
    const standAgain = (): void => {
      known()
      if (this.#standing !== standing) return
      this.#end()
      this.#stand({})
    }
    navigator.locks
      // Only a request that waits its turn can have a signal.
      .request(lock, how.steal || how.ifAvailable ? how : { signal }, (held) => {
        if (!held || signal.aborted) return undefined
        // If this throws, the lock is released for another page.
        this.#options.onLead()
        this.#leads = true
        known()
        return aborted(signal)
      })
      // The lock was stolen, or the browser refused the request and would refuse it again.
      .then(standAgain, () => (this.#leads ? standAgain() : known()))
  }

  #end(): void {
    if (!this.#leads) return
    this.#leads = false
    this.#options.onEnd()
  }
}
