import { HttpServers } from '@peerpress/peer'
import { webPlatform } from '../web-platform.ts'
import type { PageLink } from './page-link.ts'

/** ms that a request waits for its page to connect. */
const arrivalTimeout = 500

/** The links to all pages that connected, by client id. */
export class PageLinks {
  readonly #links = new Map<string, PageLink>()
  /** The servers that the worker asks itself. */
  readonly servers = new HttpServers(webPlatform)
  /** The link to the page that has the connections to peers, for all pages; it may be gone already. */
  leader: PageLink | undefined
  /** An event named by the client's id when its page connects. */
  readonly #arrivals = new EventTarget()

  get(client: string): PageLink | undefined {
    return this.#links.get(client)
  }

  all(): Iterable<PageLink> {
    return this.#links.values()
  }

  /** A page says that it leads: it is told what all pages show. */
  lead(leader: PageLink): void {
    if (this.leader !== leader) this.leader?.giveUp()
    this.leader = leader
    for (const link of this.all()) this.#introduce(link)
  }

  /** A page connects, for the first time or again. */
  put(client: string, link: PageLink): void {
    this.#links.get(client)?.close()
    this.#links.set(client, link)
    link.tell({ type: 'connected' })
    this.#introduce(link)
    this.#arrivals.dispatchEvent(new Event(client))
  }

  /** The link to a page that is connected or about to; undefined when it does not come within `timeout` ms. */
  async arrival(client: string, timeout = arrivalTimeout): Promise<PageLink | undefined> {
    if (!this.#links.has(client)) {
      await new Promise<void>((resolve) => {
        const signal = AbortSignal.timeout(timeout)
        signal.addEventListener('abort', () => resolve())
        this.#arrivals.addEventListener(client, () => resolve(), { once: true, signal })
      })
    }
    return this.#links.get(client)
  }

  #introduce(link: PageLink): void {
    if (!this.leader) return
    this.leader.tell({ type: 'shown', post: link.post })
    link.tell({ type: 'led' })
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
