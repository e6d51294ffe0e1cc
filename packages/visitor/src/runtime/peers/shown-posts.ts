import type { AssetId } from '@peerpress/wire'
import type { ShownPost, WorkerMessage } from '../../port-message.ts'
import { cachedChunks } from '../storage/cached-chunks.ts'
import { PageChunkStore } from '../storage/page-chunk-store.ts'
import { whenFree } from './locks.ts'
import { PageSwarm, type PageSwarmOptions } from './page-swarm.ts'
import { UploadBudget } from '../storage/upload-budget.ts'

/** Maximum number of connections of a reader's browser, including opening ones. */
const maxPeers = 12

/** The swarms of all posts that pages of this browser show. The leading page has them for all pages. */
export class ShownPosts {
  readonly #options: Omit<PageSwarmOptions, 'store'>
  readonly #posts = new Map<string, PageSwarm>()
  readonly #store = new PageChunkStore((asset, index) => {
    for (const { peer } of this.#swarms()) peer.lose(asset, index)
  })
  readonly #closed = new AbortController()
  /** Upload limits for all posts together, by the configuration of the first page. */
  #uploads: UploadBudget | undefined
  #reading = Promise.resolve()

  constructor(options: Omit<PageSwarmOptions, 'store'>) {
    this.#options = {
      ...options,
      onEvent: (event) => {
        options.onEvent(event)
        if (event.kind !== 'sent') return
        this.#uploads?.spend(event.bytes)
        this.#allow()
      },
    }
  }

  /** Takes part in the swarm of a post while a page shows it. */
  show(shown: ShownPost): void {
    const { page, manifest, mirrors } = shown
    const key = `${manifest.site}/${manifest.post}`
    let post = this.#posts.get(key)
    if (post?.pages.has(page)) return
    if (post?.isRefused) {
      // This page may state the current policy.
      post.stop()
      post = undefined
    }
    if (!post) {
      this.#uploads ??= new UploadBudget(shown.config.upload)
      post = new PageSwarm(shown, { ...this.#options, store: this.#store })
      this.#posts.set(key, post)
      this.#share()
    }
    post.pages.add(page)
    // A page that was opened later may have a newer manifest, and newer mirrors.
    post.peer.mirrors = mirrors
    post.learn(manifest.assets)
    // Rejects if this object is closed before the page.
    this.#leaveWith(page, key, post).catch(() => {})
  }

  /** Reads an asset from the HTTP cache, because a page loaded it without the worker. */
  loaded(id: AssetId): void {
    // One asset at a time, so that the pages' own work is not delayed.
    this.#reading = this.#reading.then(() => this.#readBack(id)).catch(() => {})
  }

  /** Accepts a demand of the worker, or answers `origin`. */
  demand(message: Extract<WorkerMessage, { type: 'demand' }>): void {
    const { asset, demand, first, last } = message
    const swarms = this.#swarms().filter(({ peer }) => peer.asset(asset))
    const swarm = swarms.find(({ peer }) => peer.canServe(asset, first, last)) ?? swarms[0]
    if (swarm) swarm.demand(message)
    else this.#options.tellWorker({ type: 'origin', demand })
  }

  /** Ends a demand: the worker has all of it, or no longer needs it. */
  endDemand(demand: number): void {
    for (const swarm of this.#swarms()) swarm.endDemand(demand)
  }

  /** Ends all demands. A restarted worker does not know the demands of its predecessor. */
  endDemands(): void {
    for (const swarm of this.#swarms()) swarm.endDemands()
  }

  /** Takes a chunk from the origin, not verified. */
  take({ asset, index, bytes }: Extract<WorkerMessage, { type: 'chunk' }>): void {
    for (const { peer } of this.#swarms()) peer.take(asset, { index, bytes }, 'origin')
  }

  /** Leaves every swarm. */
  close(): void {
    this.#closed.abort()
    for (const post of this.#posts.values()) post.stop()
    this.#posts.clear()
  }

  async #leaveWith(page: string, key: string, post: PageSwarm): Promise<void> {
    await whenFree(page, this.#closed.signal)
    post.pages.delete(page)
    if (post.pages.size > 0) return
    post.stop()
    if (this.#posts.get(key) === post) this.#posts.delete(key)
    this.#share()
  }

  async #readBack(id: AssetId): Promise<void> {
    await this.#store.opened
    for (const { peer } of this.#swarms()) {
      const asset = peer.asset(id)
      if (!asset || this.#store.has(asset, 0)) continue
      for await (const chunk of cachedChunks(asset)) peer.take(id, chunk, 'local')
    }
  }

  /** Gives each post the same number of connections. */
  #share(): void {
    const share = Math.max(1, Math.floor(maxPeers / this.#posts.size))
    for (const { peer } of this.#swarms()) peer.peers.limit(share)
    this.#allow()
  }

  /** The rest is looked up after each chunk, because the previous leading page uploaded too. */
  #allow(): void {
    const shares = this.#uploads?.shares(this.#posts.size)
    for (const { peer } of this.#swarms()) {
      const share = shares?.shift()
      if (share) peer.handle({ type: 'upload-allowance', ...share })
    }
  }

  #swarms(): PageSwarm[] {
    return [...this.#posts.values()]
  }
}
