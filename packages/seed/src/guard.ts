/**
 * Runs what nobody would catch: callbacks of native code, sockets and timers, where a throw ends the process, and
 * promises that nobody waits for. What fails is reported; the seed goes on with its other peers.
 */
export class Guard {
  readonly #report: (problem: Error) => void

  constructor(report: (problem: Error) => void = () => {}) {
    this.#report = report
  }

  /** Reports a failure. Never throws, whatever the report does. */
  report(problem: unknown): void {
    try {
      this.#report(problem instanceof Error ? problem : new Error(String(problem)))
    } catch {
      // A listener that fails must not become a failure of the seed.
    }
  }

  /** Runs `work` at once; `onFailure` puts right what it left undone. */
  run(work: () => void, onFailure?: () => void): void {
    try {
      work()
    } catch (problem) {
      this.report(problem)
      if (onFailure) this.run(onFailure)
    }
  }

  /** A callback that does the same as `work` and never throws. */
  callback<Args extends readonly unknown[]>(
    work: (...args: Args) => void,
    onFailure?: () => void,
  ): (...args: Args) => void {
    return (...args) => this.run(() => work(...args), onFailure)
  }

  /** Lets a promise end by itself; `onFailure` puts right what it left undone. */
  settle(work: Promise<unknown>, onFailure?: () => void): void {
    work.catch((problem: unknown) => {
      this.report(problem)
      if (onFailure) this.run(onFailure)
    })
  }
}
