import { PublisherError } from './publisher-error.ts'

/** The publications that run in this process, so that a withdrawal need not wait for what they fetch. */
export class RunningPublications {
  readonly #running = new Map<string, AbortController>()

  /** Runs a publication of the post `key`. The signal is aborted with `withdrawn` when the post is withdrawn. */
  async run<T>(key: string, publish: (withdrawn: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    this.#running.set(key, controller)
    try {
      return await publish(controller.signal)
    } finally {
      this.#running.delete(key)
    }
  }

  withdraw(key: string): void {
    this.#running.get(key)?.abort(new PublisherError('withdrawn', 'the site has withdrawn the post'))
  }
}
