import type { KeysetQuery, ListedPost, MemberSite, Placed, Registry } from '@peerpress/registry'
import type { PostId, SiteId } from '@peerpress/wire'
import { lapseAfter } from '../members/members.ts'
import { shownHost } from '../members/shown-host.ts'
import type { FeedEntry, MemberLabel, PostScore } from './feed-entry.ts'
import type { MemberView } from './member-page.ts'
import type { FeedView } from './paths.ts'

/** A place of a list: a submission, and the numbers that it is there for. */
export interface RankedPost {
  readonly id: string
  /** Where a page that begins after this post begins. */
  readonly cursor: string
  readonly score: PostScore
}

/** One page of a list. */
export interface Ranking {
  readonly posts: readonly RankedPost[]
  readonly hasNext: boolean
}

/** The standing of a member site. */
export interface MemberStanding {
  /** `T`, 0-1 */
  readonly trust: number
  readonly isBanned: boolean
}

/** The order of the feed, as the ledger gives it. */
export interface FeedOrder {
  /** Returns a page of a list, without hidden posts. An invalid cursor is that of no page: `null`. */
  rank(query: {
    readonly view: FeedView
    readonly after: string | null
    readonly limit: number
  }): Promise<Ranking | null>
  /** Returns the numbers of a submission, or null; also of a hidden one. */
  scoreOf(id: string): Promise<{ readonly score: PostScore; readonly isHidden: boolean } | null>
  standingOf(member: string): Promise<MemberStanding>
  /** Returns the reasons of the latest downvotes of a submission. */
  reasonsOf(id: string, limit: number): Promise<readonly DownvoteReason[]>
}

/** Why a member site voted against a post. */
export interface DownvoteReason {
  readonly member: string
  /** Foreign text. */
  readonly reason: string
}

/** Posts per page of a list. */
export const pageSize = 30

/** The feed as everybody may read it. */
export interface Feed {
  /** Returns a page of a list; null for an invalid cursor. */
  list(
    view: FeedView,
    page?: { readonly after?: string | null; readonly limit?: number },
  ): Promise<FeedPage | null>
  /** Returns a shared post, or why there is nothing to show. */
  post(id: string): Promise<FeedEntry | 'unknown' | 'hidden' | 'withdrawn'>
  /** Returns a member site, or null. */
  member(member: string): Promise<MemberView | null>
  /** Returns the membership of a registered site, or null. */
  membership(site: SiteId): Promise<Membership | null>
  /** Returns the submission of a post with its numbers; null if the site did not share it. */
  find(site: SiteId, post: PostId): Promise<OwnEntry | null>
  /**
   * Returns a page of the submissions of a site with their numbers, latest first, also hidden and withdrawn ones. One whose
   * numbers are not known yet is null.
   */
  sharedBy(site: SiteId, query: KeysetQuery): Promise<readonly Placed<OwnEntry | null>[]>
  /** Returns the reasons of the latest downvotes of a submission, for its author. */
  reasonsOf(id: string, limit: number): Promise<readonly DownvoteReason[]>
}

/** A submission as its own site may see it. */
export interface OwnEntry extends FeedEntry {
  readonly isHidden: boolean
}

/** The membership of a registered site, with its standing. */
export interface Membership extends MemberSite, MemberStanding {
  readonly label: MemberLabel
  /** When the membership lapses unless its proof is repeated. */
  readonly expiresAt: Date
}

export interface FeedPage {
  readonly entries: readonly ListedEntry[]
  /** Where the next page begins; null if there is none. */
  readonly next: string | null
}

/** A post in a list, and where a page after it begins. */
export interface ListedEntry extends FeedEntry {
  readonly cursor: string
}

export function createFeed({
  registry,
  order,
}: {
  readonly registry: Pick<Registry, 'memberSites' | 'sharedPosts'>
  readonly order: FeedOrder
}): Feed {
  const { memberSites, sharedPosts } = registry

  const labelsOf = async (members: readonly string[]): Promise<(member: string) => MemberLabel> => {
    const alike = await memberSites.lookAlikes([...new Set(members)])
    return (member) => {
      const lookAlikes = alike.get(member) ?? []
      return { member, shown: shownHost(member, lookAlikes.length > 0), lookAlikes }
    }
  }

  const withScores = async (posts: readonly ListedPost[]): Promise<OwnEntry[]> => {
    const labelOf = await labelsOf(posts.map(({ member }) => member))
    const found = await Promise.all(
      posts.map(async (post) => {
        const scored = await order.scoreOf(post.id)
        return scored === null ? [] : [{ post, label: labelOf(post.member), ...scored }]
      }),
    )
    return found.flat()
  }

  return {
    list: async (view, { after = null, limit = pageSize } = {}) => {
      const ranking = await order.rank({ view, after, limit })
      if (ranking === null) return null
      const posts = await sharedPosts.list(ranking.posts.map(({ id }) => id))
      const labelOf = await labelsOf(posts.map(({ member }) => member))
      const ranked = new Map(ranking.posts.map(({ id, ...place }) => [id, place]))
      const entries = posts.flatMap((post): ListedEntry[] => {
        const place = ranked.get(post.id)
        return place === undefined || !post.isPublic ? [] : [{ post, label: labelOf(post.member), ...place }]
      })
      return { entries, next: ranking.hasNext ? (ranking.posts.at(-1)?.cursor ?? null) : null }
    },
    post: async (id) => {
      const post = await sharedPosts.get(id)
      if (post === null) return 'unknown'
      const [entry] = await withScores([post])
      if (entry === undefined) return 'unknown'
      if (entry.isHidden) return 'hidden'
      return post.isPublic ? entry : 'withdrawn'
    },
    member: async (member) => {
      const holder = await memberSites.find(member)
      if (holder === null) return null
      const [labelOf, standing, posts] = await Promise.all([
        labelsOf([member]),
        order.standingOf(member),
        sharedPosts.of(holder.site, pageSize),
      ])
      const entries = await withScores(posts.filter((post) => post.isPublic && post.member === member))
      return {
        ...holder,
        ...standing,
        label: labelOf(member),
        entries: entries.filter(({ isHidden }) => !isHidden),
      }
    },
    membership: async (site) => {
      const holder = await memberSites.get(site)
      if (holder === null) return null
      const [labelOf, standing] = await Promise.all([
        labelsOf([holder.member]),
        order.standingOf(holder.member),
      ])
      const expiresAt = new Date(holder.provenAt.getTime() + lapseAfter)
      return { ...holder, ...standing, label: labelOf(holder.member), expiresAt }
    },
    find: async (site, post) => {
      const found = await sharedPosts.find(site, post)
      return found === null ? null : ((await withScores([found]))[0] ?? null)
    },
    reasonsOf: (id, limit) => order.reasonsOf(id, limit),
    sharedBy: async (site, query) => {
      const page = await sharedPosts.page(site, query)
      const entries = await withScores(page.map(({ item }) => item))
      const byId = new Map(entries.map((entry) => [entry.post.id, entry]))
      return page.map(({ item, place }) => ({ item: byId.get(item.id) ?? null, place }))
    },
  }
}
