import type { Moderation } from '@peerpress/community'
import type { CommunitySignal, CommunitySignals } from '@peerpress/editorial'
import type { PostStanding, Registry } from '@peerpress/registry'

/** Shared posts of a site that are looked at, the newest ones. */
const maxPosts = 200
/** Downvotes with a reason that are read of one post. */
const maxReasons = 50

interface SignalSources {
  readonly registry: Pick<Registry, 'standing'>
  readonly moderation: Pick<Moderation, 'caseOf' | 'texts'>
}

/** What other member sites said about a site's shared posts: reasons of downvotes, and reports with a text. */
export function communitySignals({ registry, moderation }: SignalSources): CommunitySignals {
  const downvotes = async ({ submission, ...about }: PostStanding): Promise<CommunitySignal[]> => {
    const reasons = await registry.standing.reasonsOf(submission, maxReasons)
    return reasons.map(({ at, reason }) => signal('downvote', about, { at, text: reason }))
  }
  const reports = async ({ submission, ...about }: PostStanding): Promise<CommunitySignal[]> => {
    const { reports: made } = await moderation.caseOf(submission)
    const texts = await moderation.texts(made.flatMap(({ text }) => (text === null ? [] : [text])))
    return made.flatMap(({ at, text: hash }) => {
      const text = hash === null ? undefined : texts.get(hash)
      return text === undefined ? [] : [signal('report', about, { at, text })]
    })
  }
  return {
    async signals(site, since) {
      const posts = await registry.standing.sharedSince(site, 0)
      const newest = posts.toSorted((a, b) => b.submittedAt - a.submittedAt).slice(0, maxPosts)
      const said: CommunitySignal[] = []
      for (const post of newest) said.push(...(await downvotes(post)), ...(await reports(post)))
      return said.filter(({ at }) => at >= since).toSorted((a, b) => b.at.getTime() - a.at.getTime())
    },
  }
}

/** The language of a foreign text is not the post's: it is unknown. */
function signal(
  kind: 'downvote' | 'report',
  { post, region }: Pick<PostStanding, 'post' | 'region'>,
  { at, text }: { readonly at: Date; readonly text: string },
): CommunitySignal {
  return { kind, at, post, text, language: null, region, members: 1 }
}
