import type { SiteClient } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import type { PostId, SiteId } from '@peerpress/wire'
import type { Moderation } from './moderation.ts'
import { readMedia } from './read-media.ts'

/** ms between the two re-reads that hide a post. */
const rereadInterval = 3_600_000
/** ms after which a post is re-read that nothing contradicts. */
const rereadAfter = 86_400_000
/** Posts of one run, which is three times an hour. */
const postsPerRun = 25

/** A shared post that is re-read. */
export interface SharedMedia {
  /** The submission's id. */
  readonly id: string
  readonly site: SiteId
  readonly post: PostId
}

export interface RereadingOptions {
  readonly registry: Pick<Registry, 'sites' | 'posts' | 'outcomes' | 'rereads'>
  readonly client: SiteClient
  readonly moderation: Pick<Moderation, 'hideByRule'>
  /** Requests that the post is published again. */
  readonly republish: (site: SiteId, post: PostId, url: string) => Promise<unknown>
  /** ms since the Unix epoch */
  readonly now: () => number
  /** @default Math.random */
  readonly random?: () => number
}

/** What a re-read led to. */
export type RereadOutcome =
  /** The media are what the manifest says, or could not be read. */
  | 'agrees'
  /** They contradict it; the post is published again and re-read after an hour. */
  | 'suspected'
  /** They contradicted it twice: the post is hidden. */
  | 'hidden'
  /** The post is not public. */
  | 'absent'

/** Re-reads shared posts. */
export interface Rereading {
  reread(shared: SharedMedia, signal: AbortSignal): Promise<RereadOutcome>
  /** Re-reads the posts that are due: each once a day, a suspected one after an hour; a few in each run. */
  rereadDue(signal: AbortSignal): Promise<void>
}

/**
 * Creates the re-reading of shared posts. One contradiction proves nothing: the owner may have changed a picture a minute ago. So
 * the post is published again, and is hidden only if media contradict the newer manifest an hour later, too.
 */
export function createRereading(options: RereadingOptions): Rereading {
  const { registry, client, moderation, republish, now, random = Math.random } = options
  const { sites, posts, outcomes, rereads } = registry

  /** Whether a publication of the post has ended well since then. */
  const wasRepublished = async (site: SiteId, post: PostId, since: Date): Promise<boolean> => {
    const [outcome] = await outcomes.of(site, [post])
    if (outcome === undefined || outcome.at <= since) return false
    return outcome.result === 'published' || outcome.result === 'unchanged'
  }

  const rereading: Rereading = {
    rereadDue: async (signal) => {
      const before = new Date(now() - rereadAfter)
      const contradictedBefore = new Date(now() - rereadInterval)
      for (const shared of await rereads.due({ before, contradictedBefore, limit: postsPerRun })) {
        signal.throwIfAborted()
        await rereading.reread(shared, signal)
      }
    },
    reread: async ({ id, site: siteId, post: postId }, signal) => {
      const [site, post] = await Promise.all([sites.get(siteId), posts.summary(siteId, postId)])
      if (site === null || site.disconnectedAt !== null || post === null || post.revoked) return 'absent'
      const earlier = await rereads.get(siteId, postId)
      const assets = await posts.assets(siteId, postId)
      const { contradicted } = await readMedia({ site, assets }, { client, random, signal })
      await rereads.record(siteId, postId, contradicted)
      if (contradicted === null) return 'agrees'
      const since = earlier?.contradictedAt ?? null
      if (since === null || now() - since.getTime() < rereadInterval) {
        await republish(siteId, postId, post.url)
        return 'suspected'
      }
      if (!(await wasRepublished(siteId, postId, since))) {
        await republish(siteId, postId, post.url)
        return 'suspected'
      }
      await moderation.hideByRule(id, hiddenFor(contradicted))
      return 'hidden'
    },
  }
  return rereading
}

function hiddenFor(url: string): string {
  return (
    `The site answered ${url.slice(0, 300)} twice with other bytes than its signed manifest says, an hour apart, ` +
    'although the post was published again in between. Publish the post again when the site answers the same bytes to ' +
    'everybody, then appeal.'
  )
}
