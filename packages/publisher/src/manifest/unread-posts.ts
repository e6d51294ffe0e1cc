import type { Registry, UnreadPost } from '@peerpress/registry'
import type { PostId, SiteId } from '@peerpress/wire'

/**
 * Restored posts that were not read from their site yet. They are loaded when the publisher starts. A restore requires
 * a stopped installation, so later the set only shrinks. Before they are loaded, each call queries the registry.
 */
export class UnreadPosts {
  readonly #registry: Registry
  readonly #keys = new Set<string>()
  #isLoaded = false

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** Loads the posts. `queue` names the jobs that read posts. */
  async load(queue: string): Promise<readonly UnreadPost[]> {
    const posts = await this.#registry.restored.unread(queue)
    for (const { site, post } of posts) this.#keys.add(keyOf(site, post))
    this.#isLoaded = true
    return posts
  }

  /** Returns whether the post is unread. Once the set is loaded, the check is free for other posts. */
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
