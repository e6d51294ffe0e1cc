import type { Registry, UnreadPost } from '@peerpress/registry'
import type { PostId, SiteId } from '@peerpress/wire'

/**
 * Restored posts that were not read from their site yet. They are looked up when the publisher starts: a restore needs
 * an installation that does not run, so that later there are only fewer. Before that the registry is queried each time.
 */
export class UnreadPosts {
  readonly #registry: Registry
  readonly #keys = new Set<string>()
  #isLoaded = false

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** Reads which they are. `queue` names the jobs by which posts are read. */
  async load(queue: string): Promise<readonly UnreadPost[]> {
    const posts = await this.#registry.restored.unread(queue)
    for (const { site, post } of posts) this.#keys.add(keyOf(site, post))
    this.#isLoaded = true
    return posts
  }

  /** Whether the post is one of them. Once they are loaded, other posts cost nothing. */
  async has(site: SiteId, post: PostId): Promise<boolean> {
    const key = keyOf(site, post)
    if (this.#isLoaded && !this.#keys.has(key)) return false
    const isUnread = await this.#registry.restored.isUnread(site, post)
    if (!isUnread) this.#keys.delete(key)
    return isUnread
  }
}

function keyOf(site: SiteId, post: PostId): string {
  return `${site}/${post}`
}
