import { AccountError } from '../account-error.ts'

/** Passwords that are hashed at the same time: each takes 19 MiB and a thread that files need, too. */
const concurrent = 2
/** Passwords that wait. At 70 ms each, the last one waits two seconds. */
const maxWaiting = 64

/** Bounds the memory and threads that passwords take. */
export class PasswordQueue {
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** @throws {AccountError} `busy` if too many passwords wait. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= concurrent) {
      if (this.#waiting.length >= maxWaiting) {
        throw new AccountError('busy', 'Too many people are signing in. Try again in a moment.', {
          retryAfter: 5,
        })
      }
      await new Promise<void>((start) => this.#waiting.push(start))
    } else this.#running++
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
