import { aborted } from './locks.ts'

const lock = 'peerpress'

/** Whom {@link Leadership} tells. */
export interface LeadershipOptions {
  readonly onLead: () => void
  /** It leads no more: it stopped, or another page took the lead from it. */
  readonly onEnd: () => void
}

/**
 * Of all pages of the site in this browser one leads: who holds the lock. When it lets go, is closed or crashes, the one
 * that stands for the longest is next.
 */
export class Leadership {
  readonly #options: LeadershipOptions
  #standing: AbortController | undefined
  #known: Promise<void> | undefined
  #leads = false

  constructor(options: LeadershipOptions) {
    this.#options = options
  }

  /** Stands for the lead until it is stopped. Resolves when it leads, or another page does. */
  start(): Promise<void> {
    return (this.#known ??= new Promise((known) => this.#stand({ ifAvailable: true }, known)))
  }

  stop(): void {
    this.#known = undefined
    this.#standing?.abort()
    this.#standing = undefined
    this.#end()
  }

  /** Takes the lead from a page that does not answer any more. */
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
      // Only who waits in turn can give up waiting.
      .request(lock, how.steal || how.ifAvailable ? how : { signal }, (held) => {
        if (!held || signal.aborted) return undefined
        // One that fails at it lets go of the lock, for another page.
        this.#options.onLead()
        this.#leads = true
        known()
        return aborted(signal)
      })
      // Stolen; or refused by the browser, which would do so again.
      .then(standAgain, () => (this.#leads ? standAgain() : known()))
  }

  #end(): void {
    if (!this.#leads) return
    this.#leads = false
    this.#options.onEnd()
  }
}
