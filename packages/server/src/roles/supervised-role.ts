import type { Role } from '@peerpress/wire'

/** How a role is, from its last start and its last check. */
export interface RoleStatus {
  readonly name: string
  readonly ok: boolean
  /** Why it does not work; null if it does. */
  readonly detail: string | null
}

export interface SupervisionOptions {
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
  /** A clock that cannot be set, ms. @default performance.now */
  readonly steady?: () => number
}

/** ms between the end of a check and the next. */
const checkPause = 5000
/** ms that a check or a start may take before the role counts as not answering. */
const maxWait = 10_000
/** ms until a failed start is repeated the first time, and at most; the pause doubles each time. */
const startPause = { first: 5000, longest: 60_000 }

/**
 * Runs one role beside others: a role that fails to start, or does not answer, is reported and ends nothing else. A failed
 * start is repeated.
 */
export class SupervisedRole {
  readonly #role: Role
  readonly #report: SupervisionOptions['report']
  readonly #steady: () => number
  #problem: string | null = 'it has not started'
  /** When the start or check under way began. */
  #pendingSince: number | null = null
  #timer: NodeJS.Timeout | undefined
  #isStopped = false
  #running: Promise<void> = Promise.resolve()

  constructor(role: Role, { report, steady = () => performance.now() }: SupervisionOptions) {
    this.#role = role
    this.#report = report
    this.#steady = steady
  }

  get name(): string {
    return this.#role.name
  }

  /**
   * Starts the role. Resolves when the start has ended or takes longer than 10 s.
   * @returns the error of a failed start; null if the role runs or is still starting
   */
  async start(): Promise<{ readonly error: unknown } | null> {
    // Until it answers late, a role that starts is no problem.
    this.#problem = null
    const waited = Promise.withResolvers<null>()
    const limit = setTimeout(() => waited.resolve(null), maxWait)
    const started = this.#start(startPause.first)
    this.#running = started.then(() => undefined)
    try {
      return await Promise.race([started, waited.promise])
    } finally {
      clearTimeout(limit)
    }
  }

  /** Answers at once, from what is known. */
  status(): RoleStatus {
    const waited = this.#pendingSince === null ? 0 : this.#steady() - this.#pendingSince
    const silent = waited > maxWait ? `no answer for ${Math.round(waited / 1000)} s` : null
    const detail = silent ?? this.#problem
    return { name: this.name, ok: detail === null, detail }
  }

  /** Checks the role once and records the outcome. Never rejects. */
  async check(): Promise<void> {
    await this.#timed(async () => {
      const { ok, detail } = await this.#role.health()
      return ok ? null : (detail ?? 'it does not work')
    })
  }

  /** Ends checks and the role. Waits for a start under way. */
  async stop(within: number): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#running
    await this.#role.stop(within)
  }

  /** Never rejects. */
  async #start(pause: number): Promise<{ readonly error: unknown } | null> {
    let failure: { readonly error: unknown } | null = null
    await this.#timed(async () => {
      try {
        await this.#role.start()
        return null
      } catch (error) {
        failure = { error }
        throw error
      }
    })
    if (failure === null) this.#checkLater()
    else this.#startLater(failure, pause)
    return failure
  }

  #startLater({ error }: { readonly error: unknown }, pause: number): void {
    if (this.#isStopped) return
    this.#report(`the role ${this.name} could not start; the next try is in ${pause / 1000} s:`, error)
    this.#timer = setTimeout(() => {
      this.#running = this.#startAgain(Math.min(2 * pause, startPause.longest))
    }, pause).unref()
  }

  /** Never rejects. */
  async #startAgain(pause: number): Promise<void> {
    if ((await this.#start(pause)) === null) this.#report(`the role ${this.name} runs now`)
  }

  #checkLater(): void {
    if (this.#isStopped) return
    this.#timer = setTimeout(() => {
      this.check()
        .then(() => this.#checkLater())
        .catch((error: unknown) => this.#report(`the role ${this.name} is no longer checked:`, error))
    }, checkPause).unref()
  }

  /** Records the problem that `work` resolves to or rejects with. Never rejects. */
  async #timed(work: () => Promise<string | null>): Promise<void> {
    this.#pendingSince = this.#steady()
    try {
      this.#problem = await work()
    } catch (error) {
      this.#problem = error instanceof Error && error.message !== '' ? error.message : String(error)
    } finally {
      this.#pendingSince = null
    }
  }
}
