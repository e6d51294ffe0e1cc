import type { PageLink } from './page-link.ts'

/** ms that a request waits for its page to connect. */
const arrivalTimeout = 500

/** The links to all pages that connected, by client id. */
export class PageLinks {
  readonly #links = new Map<string, PageLink>()
  /** An event named by the client's id when its page connects. */
  readonly #arrivals = new EventTarget()

  get(client: string): PageLink | undefined {
    return this.#links.get(client)
  }

  all(): Iterable<PageLink> {
    return this.#links.values()
  }

  /** A page connects, for the first time or again. */
  put(client: string, link: PageLink): void {
    this.#links.get(client)?.close()
    this.#links.set(client, link)
    this.#arrivals.dispatchEvent(new Event(client))
  }

  /** The link to a page that is connected or about to; undefined when it does not come in time. */
  async arrival(client: string): Promise<PageLink | undefined> {
    if (!this.#links.has(client)) {
      await new Promise<void>((resolve) => {
        const signal = AbortSignal.timeout(arrivalTimeout)
        signal.addEventListener('abort', () => resolve())
        this.#arrivals.addEventListener(client, () => resolve(), { once: true, signal })
      })
    }
    return this.#links.get(client)
  }

  /** Forgets the pages that are no more. */
  async forgetGone(isThere: (client: string) => Promise<boolean>): Promise<void> {
    for (const [client, link] of this.#links) {
      if (await isThere(client)) continue
      link.close()
      this.#links.delete(client)
    }
  }
}
