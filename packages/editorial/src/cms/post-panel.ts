import type { Registry } from '@peerpress/registry'
import type { PostId, SiteId } from '@peerpress/wire'

/** What an editor in the CMS sees beside a post. */
export interface PostPanel {
  /** The draft that the post comes from; null if it comes from none. */
  readonly draft: {
    /** As in `DraftStatus`. */
    readonly status: string
    readonly approvedBy: string | null
    /** What the gates refused; empty if it passed all of them. */
    readonly refusals: readonly string[]
    readonly claims: number
    /** Cited items of evidence. */
    readonly sources: number
  } | null
  /** The brief of the draft; null if there is none, or if it is gone. */
  readonly brief: { readonly question: string; readonly readers: string; readonly why: string } | null
}

/** Returns what is known of a post for the CMS's editor. */
export async function postPanel(
  registry: Pick<Registry, 'drafts' | 'draftPosts' | 'briefs'>,
  site: SiteId,
  post: PostId,
): Promise<PostPanel> {
  const id = await registry.draftPosts.draftOf(site, post)
  const draft = id === null ? null : await registry.drafts.get(id)
  const own = draft === null ? null : await registry.briefs.get(site, draft.brief)
  const claims = draft?.content?.sections.flatMap((section) => section.claims) ?? []
  return {
    draft: draft && {
      status: draft.status,
      approvedBy: draft.approvedBy,
      refusals: draft.refusals.map(({ reason }) => reason),
      claims: claims.length,
      sources: new Set(claims.flatMap(({ evidence }) => evidence)).size,
    },
    brief: own && { question: own.question, readers: own.readers, why: own.why },
  }
}
