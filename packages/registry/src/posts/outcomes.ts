import { type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** Media of a post's page that are left to the origin for one reason. */
export interface LeftOut {
  readonly reason: string
  /** Null if only their number is known. */
  readonly url: string | null
  readonly count: number
}

/** How the last publication attempt of a post ended. */
export type OutcomeInput = { readonly site: SiteId; readonly post: PostId } & (
  | {
      readonly result: 'published' | 'unchanged'
      readonly version: number
      readonly assets: number
      readonly leftOut: readonly LeftOut[]
    }
  | { readonly result: 'revoked'; readonly version: number }
  | { readonly result: 'absent' }
  | { readonly result: 'failed'; readonly code: string; readonly message: string }
)

/** The latest outcome of a post, and its latest publication. */
export interface Receipt {
  readonly post: PostId
  readonly result: OutcomeInput['result']
  /** Of the latest publication or revocation; null when there was none. */
  readonly version: number | null
  /** How many assets the latest publication has; null when it is not known. */
  readonly assets: number | null
  /** What the latest publication left out; null when it is not known. */
  readonly leftOut: readonly LeftOut[] | null
  /** Why it failed; null when it did not. */
  readonly code: string | null
  /** The same for people. */
  readonly message: string | null
  readonly at: Date
}

/** The latest outcome of every post. */
export interface Outcomes {
  /** Replaces the post's outcome. Long texts and lists are cut. */
  record(outcome: OutcomeInput): Promise<void>
  /** Returns the outcomes of these posts. Posts without an outcome are left out. */
  of(site: SiteId, posts: readonly PostId[]): Promise<Receipt[]>
}

/** Media that a receipt names one by one. The others are counted by reason. */
const maxNamed = 50
/** characters */
const maxText = 500

export function createOutcomes(database: Database, now: () => number): Outcomes {
  return {
    record: async (outcome) => {
      const { site, post, result } = outcome
      if (!isSiteId(site) || !postIdPattern.test(post)) return
      const published = result === 'published' || result === 'unchanged' ? outcome : null
      const failed = result === 'failed' ? outcome : null
      await database.query(
        `insert into peerpress.outcome as known (site, post, result, version, assets, left_out, code, message, at)
         select $1, $2, $3::text, $4::integer, $5::integer, $6::text::jsonb, $7, $8, $9
         where exists (select 1 from peerpress.site where id = $1)
         on conflict (site, post) do update set
           result = excluded.result, code = excluded.code, message = excluded.message, at = excluded.at,
           version = coalesce(excluded.version, known.version),
           assets = case when excluded.result in ('published', 'unchanged', 'revoked') then excluded.assets else known.assets end,
           left_out = case when excluded.result in ('published', 'unchanged', 'revoked') then excluded.left_out
             else known.left_out end`,
        [
          site,
          post,
          result,
          'version' in outcome ? outcome.version : null,
          published?.assets ?? (result === 'revoked' ? 0 : null),
          published === null ? null : JSON.stringify(bounded(published.leftOut)),
          failed === null ? null : storable(failed.code),
          failed === null ? null : storable(failed.message),
          new Date(now()),
        ],
      )
    },
    of: async (site, posts) => {
      const known = posts.filter((post) => postIdPattern.test(post))
      if (!isSiteId(site) || known.length === 0) return []
      const rows = await database.query<ReceiptRow>(
        `select post, result, version, assets, left_out, code, message, at from peerpress.outcome
         where site = $1 and post = any($2) order by post`,
        [site, known],
      )
      return rows.map(({ left_out: leftOut, ...row }) => ({ ...row, leftOut }))
    },
  }
}

type ReceiptRow = Omit<Receipt, 'leftOut'> & { readonly left_out: readonly LeftOut[] | null }

function bounded(leftOut: readonly LeftOut[]): readonly LeftOut[] {
  const named = leftOut
    .slice(0, maxNamed)
    .map(({ reason, url, count }) => ({ reason: storable(reason), url: url && storable(url), count }))
  const counts = new Map<string, number>()
  for (const { reason, count } of leftOut.slice(maxNamed)) {
    counts.set(storable(reason), (counts.get(storable(reason)) ?? 0) + count)
  }
  return [...named, ...Array.from(counts, ([reason, count]) => ({ reason, url: null, count }))]
}

/** Postgres stores no U+0000. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, maxText).toWellFormed()
}
