import { PublisherError } from '../publisher-error.ts'

/** The publications that run in this process, so that what ends them need not wait for what they fetch. */
export class RunningPublications {
  readonly #running = new Map<string, AbortController>()

  /**
   * Runs a publication of the post `key`. The signal is aborted with `withdrawn` when the post is withdrawn, with
   * `disconnected` when its site disconnects.
   */
  async run<T>(key: string, publish: (ended: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    this.#running.set(key, controller)
    try {
      return await publish(controller.signal)
    } finally {
      // A run that was given up, and repeated, may end after the next one has begun.
      if (this.#running.get(key) === controller) this.#running.delete(key)
    }
  }

  withdraw(key: string): void {
    this.#running.get(key)?.abort(new PublisherError('withdrawn', 'the site has withdrawn the post'))
  }

  /** Ends those whose keys begin with `prefix`. */
  disconnect(prefix: string): void {
    const reason = new PublisherError('disconnected', 'the site has disconnected')
    for (const [key, controller] of this.#running) if (key.startsWith(prefix)) controller.abort(reason)
  }
}
