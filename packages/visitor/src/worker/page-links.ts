import { HttpServers } from '@peerpress/peer'
import { webPlatform } from '../web-platform.ts'
import type { PageLink } from './page-link.ts'

/** ms that a request waits until its page connects. */
const arrivalTimeout = 500

/** The links to all connected pages, by client id. */
export class PageLinks {
  readonly #links = new Map<string, PageLink>()
  /** The servers that the worker requests by itself. */
  readonly servers = new HttpServers(webPlatform)
  /** The link to the leading page. It may already be closed. */
  leader: PageLink | undefined
  /** An event named by the client's id when its page connects. */
  readonly #arrivals = new EventTarget()

  get(client: string): PageLink | undefined {
    return this.#links.get(client)
  }

  all(): Iterable<PageLink> {
    return this.#links.values()
  }

  /** Makes a page the leader, and sends it the posts of all pages. */
  lead(leader: PageLink): void {
    if (this.leader !== leader) this.leader?.giveUp()
    this.leader = leader
    for (const link of this.all()) this.#introduce(link)
  }

  /** Connects a page, for the first time or again. */
  put(client: string, link: PageLink): void {
    this.#links.get(client)?.close()
    this.#links.set(client, link)
    link.tell({ type: 'connected' })
    this.#introduce(link)
    this.#arrivals.dispatchEvent(new Event(client))
  }

  /** Returns the link to a page; undefined if the page does not connect within `timeout` ms. */
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

  /** Removes the links of closed pages. */
  async forgetGone(isThere: (client: string) => Promise<boolean>): Promise<void> {
    for (const [client, link] of this.#links) {
      if (await isThere(client)) continue
      link.close()
      this.#links.delete(client)
    }
  }
}
