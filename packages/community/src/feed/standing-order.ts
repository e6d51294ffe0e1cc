import type { FeedCursor, PostStanding, Registry } from '@peerpress/registry'
import type { MeasuredViews } from '../standing/measured-views.ts'
import { rankOf } from '../standing/rank.ts'
import { trustAfterViews, trustOf } from '../standing/weight.ts'
import type { PostScore } from './feed-entry.ts'
import type { FeedOrder } from './feed.ts'

export interface StandingOrderOptions {
  readonly registry: Pick<Registry, 'standing'>
  readonly views: MeasuredViews
  /** ms since the Unix epoch */
  readonly now: () => number
}

/** Orders the feed by the standing that follows from the ledger. */
export function createStandingOrder({ registry, views, now }: StandingOrderOptions): FeedOrder {
  const { standing } = registry
  const viewsOf = rememberViews(views, now)
  const beganAt = async () => (await standing.head())?.beganAt ?? null
  return {
    rank: async ({ view: { order, language, region }, after, limit }) => {
      const cursor = after === null ? undefined : cursorIn(after)
      if (cursor === null) return null
      const [began, posts] = await Promise.all([
        beganAt(),
        standing.feed({
          order,
          language: language ?? undefined,
          region: region ?? undefined,
          after: cursor,
          // One more shows whether there is a next page.
          limit: Math.min(limit + 1, maxRead),
        }),
      ])
      return {
        posts: posts.slice(0, limit).map((post) => ({
          id: post.submission,
          cursor: cursorOf(post),
          score: scoreOf(post, began),
        })),
        hasNext: posts.length > limit,
      }
    },
    scoreOf: async (id) => {
      const post = await standing.post(id)
      return post === null ? null : { score: scoreOf(post, await beganAt()), isHidden: post.isHidden }
    },
    standingOf: async (member) => {
      const known = await standing.member(member)
      if (known === null || known.since === null || known.hasLeft) {
        return { trust: 0, isBanned: known?.isBanned ?? false }
      }
      const seen = known.site === null ? 0 : await viewsOf(known.site)
      return { trust: trustOf({ since: known.since, now: now(), views: seen }), isBanned: known.isBanned }
    },
    reasonsOf: async (id, limit) =>
      (await standing.reasonsOf(id, limit)).map(({ member, reason }) => ({ member, reason })),
  }
}

/** ms for which the number of a site's views is remembered: everybody may open the page of a member site. */
const viewsAge = 60_000
const maxRemembered = 10_000

/** Asks the store for the views of a site once a minute. */
function rememberViews(views: MeasuredViews, now: () => number): (site: string) => Promise<number> {
  const remembered = new Map<string, { readonly at: number; readonly count: Promise<number> }>()
  return (site) => {
    const known = remembered.get(site)
    if (known !== undefined && Math.abs(now() - known.at) < viewsAge) return known.count
    if (remembered.size >= maxRemembered) remembered.clear()
    const count = views.count(site, trustAfterViews)
    remembered.set(site, { at: now(), count })
    count.catch(() => remembered.delete(site))
    return count
  }
}

/** Posts per query of the standing, at most. */
const maxRead = 100

function scoreOf(post: PostStanding, beganAt: number | null): PostScore {
  const { upvotes, downvotes, ...rank } = rankOf({ ...post, beganAt: beganAt ?? post.submittedAt })
  const { upVotes, downVotes, mean } = post
  return { ...rank, upWeight: upvotes, downWeight: downvotes, upVotes, downVotes, mean }
}

function cursorOf({ hot, seq }: FeedCursor): string {
  return Buffer.from(`${hot} ${seq}`).toString('base64url')
}

/** Reads a cursor; null if it is none. */
function cursorIn(text: string): FeedCursor | null {
  const [, hot = '', seq = ''] = /^(\d+(?:\.\d+)?(?:e[-+]\d+)?) (\d{1,15})$/.exec(fromBase64(text)) ?? []
  return hot === '' ? null : { hot: Number(hot), seq: Number(seq) }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64url').toString('latin1')
}
