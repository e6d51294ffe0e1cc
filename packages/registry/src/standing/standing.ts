import type { Database, Sql } from '../engines/database.ts'
import { readTexts } from '../ledger/ledger-text.ts'
import {
  memberSelection,
  type MemberStanding,
  postSelection,
  type PostStanding,
  type StandingHead,
} from './standing-records.ts'
import { readHead } from './standing-tables.ts'

/** Where a page of the feed goes on. */
export type FeedCursor = Pick<PostStanding, 'hot' | 'seq'>

/** Which posts a page of the feed has. */
export interface FeedQuery {
  /** `hot`: by rank. `new`: the last shared first. */
  readonly order: 'hot' | 'new'
  /** Posts in this language only. @default all */
  readonly language?: string | undefined
  /** Posts of this region only. @default all */
  readonly region?: string | undefined
  /** Posts after this one. @default the first */
  readonly after?: FeedCursor | undefined
  /** At most this many, 1-100. */
  readonly limit: number
}

/** A post with its texts. A text is null if it was erased. */
export interface FeedPost extends PostStanding {
  readonly texts: {
    readonly title: string | null
    readonly summary: string | null
    readonly picture: string | null
  }
}

/** A downvote and why it was cast. */
export interface DownvoteWithReason {
  /** Its row of the ledger. */
  readonly seq: number
  readonly at: Date
  /** The member site that cast it. */
  readonly member: string
  readonly reason: string
}

/** The standing that follows from the ledger, to read. */
export interface Standing {
  /** Returns a page of visible posts. */
  feed(query: FeedQuery): Promise<FeedPost[]>
  /** Returns posts of a member site, the last shared first, also hidden ones. */
  postsOf(
    member: string,
    page: { readonly after?: FeedCursor | undefined; readonly limit: number },
  ): Promise<FeedPost[]>
  /** Returns a post, also a hidden one; null if there is no such submission. */
  post(submission: string): Promise<FeedPost | null>
  /** Returns the submission of a site's post that was shared last, or null. */
  postOfSite(site: string, post: string): Promise<FeedPost | null>
  /** Returns the downvotes of a post that carry a reason which was not erased, the last first. */
  reasonsOf(submission: string, limit: number): Promise<DownvoteWithReason[]>
  /** Returns the sites with visible posts that were shared after a moment, epoch ms. */
  sitesSince(submittedAt: number): Promise<string[]>
  /** Returns the visible posts of a site that were shared after a moment, epoch ms. */
  sharedSince(site: string, submittedAt: number): Promise<PostStanding[]>
  member(member: string): Promise<MemberStanding | null>
  /** Returns the member sites of a site of this server. */
  membersOfSite(site: string): Promise<MemberStanding[]>
  /** Returns how far it follows the ledger; null if it was never computed. */
  head(): Promise<StandingHead | null>
}

/**
 * SQL: the last post first. `seq` alone would be the selected double, and an index of the column cannot order that: all posts
 * would be sorted.
 */
const bySeq = 'standing_post.seq desc'

/** ms by which another server's clock may be ahead. A post of a later time is shown when that has come. */
const clockSkew = 300_000

export function createStanding(database: Database, now: () => number): Standing {
  const posts = async (rest: string, params: readonly unknown[]) =>
    withTexts(
      database,
      await database.query<PostStanding>(
        `select ${postSelection} from peerpress.standing_post ${rest}`,
        params,
      ),
    )
  const isText = (text: string) => !text.includes('\0') && text.isWellFormed()
  return {
    feed: (query) => {
      if (![query.language, query.region].every((text) => text === undefined || isText(text)))
        return Promise.resolve([])
      return posts(...feedSql(query, now()))
    },
    postsOf: async (member, { after, limit }) =>
      isText(member)
        ? posts(`where member = $1 and ($2::bigint is null or seq < $2) order by ${bySeq} limit $3`, [
            member,
            after?.seq ?? null,
            limit,
          ])
        : [],
    post: async (submission) =>
      isText(submission) ? ((await posts('where submission = $1', [submission]))[0] ?? null) : null,
    postOfSite: async (site, post) =>
      isText(site) && isText(post)
        ? ((await posts(`where site = $1 and post = $2 order by ${bySeq} limit 1`, [site, post]))[0] ?? null)
        : null,
    reasonsOf: async (submission, limit) =>
      isText(submission) ? reasonsOf(database, submission, limit) : [],
    sitesSince: async (submittedAt) => {
      const rows = await database.query<{ site: string }>(
        'select distinct site from peerpress.standing_post where is_visible and submitted_at > $1 order by site',
        [submittedAt],
      )
      return rows.map(({ site }) => site)
    },
    sharedSince: (site, submittedAt) =>
      database.query(
        `select ${postSelection} from peerpress.standing_post
         where site = $1 and is_visible and submitted_at > $2 order by standing_post.seq`,
        [site, submittedAt],
      ),
    member: async (member) =>
      isText(member) ? ((await membersWhere(database, 'member = $1', member))[0] ?? null) : null,
    membersOfSite: async (site) => (isText(site) ? membersWhere(database, 'site = $1', site) : []),
    head: () => readHead(database),
  }
}

/** Each combination of order and filter reads one partial index from its end. */
function feedSql({ order, language, region, after, limit }: FeedQuery, now: number): [string, unknown[]] {
  const params: unknown[] = [now + clockSkew, limit]
  const bind = (value: unknown) => `$${params.push(value)}`
  const conditions = ['is_visible', 'submitted_at <= $1']
  if (language !== undefined) conditions.push(`language = ${bind(language)}`)
  if (region !== undefined) conditions.push(`region = ${bind(region)}`)
  if (after !== undefined && order === 'hot') {
    conditions.push(`(hot, seq) < (${bind(after.hot)}::double precision, ${bind(after.seq)}::bigint)`)
  }
  if (after !== undefined && order === 'new') conditions.push(`seq < ${bind(after.seq)}::bigint`)
  const by = order === 'hot' ? `hot desc, ${bySeq}` : bySeq
  return [`where ${conditions.join(' and ')} order by ${by} limit $2`, params]
}

async function withTexts(sql: Sql, posts: readonly PostStanding[]): Promise<FeedPost[]> {
  if (posts.length === 0) return []
  const hashes = posts.flatMap(({ title, summary, picture }) => [title, summary, picture])
  const texts = await readTexts(
    sql,
    hashes.filter((hash) => hash !== null),
  )
  const text = (hash: string | null) => (hash === null ? null : (texts.get(hash) ?? null))
  return posts.map((post) => ({
    ...post,
    texts: { title: text(post.title), summary: text(post.summary), picture: text(post.picture) },
  }))
}

async function reasonsOf(sql: Sql, submission: string, limit: number): Promise<DownvoteWithReason[]> {
  const rows = await sql.query<{ seq: number; at: number; member: string; hash: string }>(
    `select vote.seq::double precision as seq, entry.at::double precision as at, vote.member, vote.reason as hash
     from peerpress.standing_vote vote join peerpress.ledger entry using (seq)
     where submission = $1 and value = -1 and reason is not null order by vote.seq desc limit $2`,
    [submission, limit],
  )
  const texts = await readTexts(
    sql,
    rows.map(({ hash }) => hash),
  )
  return rows.flatMap(({ seq, at, member, hash }) => {
    const reason = texts.get(hash)
    return reason === undefined ? [] : [{ seq, at: new Date(at), member, reason }]
  })
}

function membersWhere(sql: Sql, condition: string, value: string): Promise<MemberStanding[]> {
  return sql.query(
    `select ${memberSelection} from peerpress.standing_member where ${condition} order by member`,
    [value],
  )
}
