import { PublisherError } from '../publisher-error.ts'

/**
 * The publications that are running in this process, so that they can be cancelled without waiting for their fetches.
 */
export class RunningPublications {
  readonly #running = new Map<string, AbortController>()

  /**
   * Runs a publication of the post `key`. The signal is aborted with `withdrawn` if the post is withdrawn, and with
   * `disconnected` if its site disconnects.
   */
  async run<T>(key: string, publish: (ended: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController()
    this.#running.set(key, controller)
    try {
      return await publish(controller.signal)
    } finally {
      // A cancelled and repeated run may end after the next one has started.
      if (this.#running.get(key) === controller) this.#running.delete(key)
    }
  }

  withdraw(key: string): void {
    this.#running.get(key)?.abort(new PublisherError('withdrawn', 'the site has withdrawn the post'))
  }

  /** Cancels the publications whose keys start with `prefix`. */
  disconnect(prefix: string): void {
    const reason = new PublisherError('disconnected', 'the site has disconnected')
    for (const [key, controller] of this.#running) if (key.startsWith(prefix)) controller.abort(reason)
  }
}
