import type { PostId, SiteId } from '@peerpress/wire'
import { PublisherError } from '../publisher-error.ts'
import type { PublicationContext, PublicationResult } from './publication.ts'
import { publishPost } from './publish-post.ts'

/** The revocation of one post and its result. */
interface EndedPost {
  readonly post: PostId
  readonly result: PublicationResult
}

/**
 * Revokes all posts of a site that has disconnected, and removes the files that no post needs any more. Repeated after
 * a crash, it continues with the remaining posts. It stops if the site connects again. Returns the revoked posts.
 */
export async function endPublications(
  id: SiteId,
  context: PublicationContext,
  { attempt, signal }: { readonly attempt: number; readonly signal: AbortSignal },
): Promise<readonly EndedPost[]> {
  const { registry } = context
  const ended: EndedPost[] = []
  for (const { post, url, revoked } of await registry.posts.list(id)) {
    if (signal.aborted) throw new PublisherError('stopped', 'the server is stopping')
    const site = await registry.sites.get(id)
    if (site === null || site.disconnectedAt === null) return ended
    if (revoked) continue
    ended.push({
      post,
      result: await publishPost(
        { site, post, url, revoke: true, attempt, signal, onEarly: async () => {} },
        context,
      ),
    })
  }
  return ended
}
