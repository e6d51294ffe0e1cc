import type { LedgerTransaction, Registry, SharedPost } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { isHidden, type ModerationCase } from './moderation-case.ts'

/** The fields of a shared post that a notice needs. */
export type Shared = Pick<SharedPost, 'id' | 'site' | 'member' | 'title' | 'url'>

/** A decision that is about to be appended. */
export interface DecisionNews {
  readonly post: Shared
  /** The case before the decision. */
  readonly known: ModerationCase
  readonly action: 'hide' | 'restore'
  /** Plain text. */
  readonly reason: string
  readonly isByRule: boolean
}

/** A notice for the channels of one site. */
export interface Notice {
  readonly site: SiteId
  readonly text: string
}

/** Notices about decisions: to the site that shared the post, and to those whose reports the decision answers. */
export interface Notices {
  of(news: DecisionNews): Promise<readonly Notice[]>
  /** Writes notices in the transaction of the decision. */
  write(sql: LedgerTransaction['sql'], notices: readonly Notice[]): Promise<void>
}

export function createNotices({
  memberSites,
  notifications,
}: Pick<Registry, 'memberSites' | 'notifications'>): Notices {
  return {
    of: async (news) => {
      await notifications.prepareNotices()
      const { post, known } = news
      const decided = known.decisions.at(-1)?.seq ?? 0
      const reporters = new Set(known.reports.filter(({ seq }) => seq > decided).map(({ member }) => member))
      const reporting = await Promise.all([...reporters].map((member) => memberSites.find(member)))
      const answers = reporting.flatMap((found) =>
        found === null ? [] : [{ site: found.site, text: reporterText(news) }],
      )
      const own = authorText(news)
      return own === null ? answers : [{ site: post.site, text: own }, ...answers]
    },
    write: async (sql, notices) => {
      for (const { site, text } of notices) await notifications.addNotices(sql, site, text)
    },
  }
}

/** Returns null if nothing changes for the author, who does not learn of a report that was rejected. */
function authorText({ post, known, action, reason, isByRule }: DecisionNews): string | null {
  const wasHidden = isHidden(known)
  if (!wasHidden && action === 'restore') return null
  const who = isByRule ? 'A rule of the server' : 'The operator of the server'
  const change =
    action === 'restore'
      ? `${who} shows your post in the community's feed again.`
      : wasHidden
        ? `${who} leaves your post hidden from the community's feed.`
        : `${who} has hidden your post from the community's feed. You can appeal on the page below.`
  return [change, '', `Post: ${post.title}`, post.url, `Reason: ${reason}`].join('\n')
}

function reporterText({ post, action, reason }: DecisionNews): string {
  const change =
    action === 'hide'
      ? "A post that this site reported is hidden from the community's feed."
      : "A post that this site reported stays in the community's feed."
  return [change, '', `Post: ${post.title}`, post.url, `Reason: ${reason}`].join('\n')
}
