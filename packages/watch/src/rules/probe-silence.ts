import type { ProbeKind } from '@peerpress/registry'

/** ms without an outcome after which a probe counts as silent: three of its intervals, and time for a slow one. */
export const silenceMs: Readonly<Record<ProbeKind, number>> = {
  http: 5 * 60_000,
  browser: 50 * 60_000,
}

/** Maximum number of remembered probes. Each is one site's. */
const maxRemembered = 200_000

/**
 * Measures by a clock that cannot be set how long a probe has recorded nothing new. After a start it knows nothing of the time
 * before, so a server that was switched off reports no silence, and neither does a clock that jumps.
 */
export class ProbeSilence {
  readonly #steady: () => number
  readonly #seen = new Map<string, { readonly at: number; readonly steady: number }>()

  /** @param steady a clock that cannot be set, ms */
  constructor(steady: () => number) {
    this.#steady = steady
  }

  /**
   * Returns how long no new outcome was seen, ms.
   * @param latest when the latest outcome began
   */
  silentFor(probe: string, latest: Date): number {
    const now = this.#steady()
    const known = this.#seen.get(probe)
    if (known !== undefined && known.at === latest.getTime()) return now - known.steady
    if (this.#seen.size >= maxRemembered) this.#seen.clear()
    this.#seen.set(probe, { at: latest.getTime(), steady: now })
    return 0
  }
}
