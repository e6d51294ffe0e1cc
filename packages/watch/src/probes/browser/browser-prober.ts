import type { AddressPolicy } from '../address-policy.ts'
import type { ProbeResult } from '../probe-result.ts'
import { BrowserError } from './browser-error.ts'
import { probeInBrowser } from './probe-browser.ts'

export interface BrowserProberOptions {
  readonly policy: AddressPolicy
  /** Ends the probe without a result. */
  readonly signal: AbortSignal
}

/** Statuses of a post that was taken down since it was published. */
const goneStatuses: ReadonlySet<number> = new Set([401, 403, 404, 410, 451])

/** Probes sites in browsers, one after the other. */
export class BrowserProber {
  readonly #executable: string
  readonly #report: (problem: string) => void
  #last: Promise<unknown> = Promise.resolve()
  #problem: string | null = null

  /** @param report called with the reason when the browser fails, once for each reason in a row. Must not throw. */
  constructor(executable: string, report: (problem: string) => void) {
    this.#executable = executable
    this.#report = report
  }

  /**
   * Probes the first of the pages that is not gone.
   * @returns null if the browser failed twice, which says nothing about the site
   * @throws the signal's reason when it aborts
   */
  async probe(
    [url = '', ...others]: readonly string[],
    options: BrowserProberOptions,
  ): Promise<ProbeResult | null> {
    const result = await this.#inTurn(() => this.#tryTwice(new URL(url), options))
    const isGone = result?.failure?.code === 'bad-status' && goneStatuses.has(result.status ?? 0)
    return isGone && others.length > 0 && others[0] !== url ? this.probe(others, options) : result
  }

  /** One browser at a time, whoever asks. */
  #inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(run)
    this.#last = next.catch(() => {})
    return next
  }

  async #tryTwice(url: URL, options: BrowserProberOptions): Promise<ProbeResult | null> {
    for (let attempt = 0; ; attempt++) {
      try {
        const result = await probeInBrowser(url, { executable: this.#executable, ...options })
        this.#problem = null
        return result
      } catch (error) {
        if (!(error instanceof BrowserError)) throw error
        if (error.code === 'browser-ended' && attempt === 0) continue
        if (this.#problem !== error.message) this.#report(`a browser probe has no result: ${error.message}`)
        this.#problem = error.message
        return null
      }
    }
  }
}
