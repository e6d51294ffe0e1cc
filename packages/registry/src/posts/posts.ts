import { setImmediate } from 'node:timers/promises'
import { type AssetId, type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import type { EventTransactions } from '../outbox/event-transaction.ts'
import { RegistryError } from '../registry-error.ts'
import { isSiteId } from '../sites/site-id.ts'
import { recordEntry } from '../timeline/timeline.ts'
import { createPostPages, type PostPages } from './post-pages.ts'
import type { PostSummary } from './post-summary.ts'
import { type PostStatement, readStatement } from './statements.ts'

/** The latest publication of a post. */
export interface PublishedPost extends PostSummary {
  /** The signed manifest: a DSSE envelope as JSON. */
  readonly envelope: string
}

/** An asset of a post's latest publication. */
export interface PublishedAsset {
  readonly id: AssetId
  readonly url: string
  readonly type: string
  /** The origin's `Content-Disposition` if it names a file. */
  readonly disposition?: string
  /** bytes */
  readonly size: number
  /** bytes */
  readonly chunkSize: number
  /** SHA-256 of every chunk, concatenated. */
  readonly hashes: Uint8Array
  /** The origin's `ETag`, for the next conditional request; null if it sent none. */
  readonly etag: string | null
  readonly lastModified: string | null
}

/** A publication to record. */
export interface Publication extends Omit<PublishedPost, 'publishedAt'> {
  readonly assets: readonly PublishedAsset[]
  /** The page that the manifest names, stored beside the assets; null or absent if it names none. */
  readonly snapshot?: { readonly id: AssetId; readonly size: number } | null
  /**
   * The statement of the CMS that led to this publication. If the post was suspended, the publication ends the suspension.
   * @default null
   */
  readonly statement?: PostStatement | null
}

export interface Posts extends PostPages {
  /** Returns the ids of all posts of a site that was published ever, revoked ones included. */
  ids(site: SiteId): Promise<PostId[]>
  /** Replaces the envelope of a version, whose content is the same, unless a later version was recorded meanwhile. */
  replaceEnvelope(post: {
    readonly site: SiteId
    readonly post: PostId
    readonly version: number
    readonly envelope: string
  }): Promise<void>
  get(site: SiteId, post: PostId): Promise<PublishedPost | null>
  /** Returns the post without its manifest. */
  summary(site: SiteId, post: PostId): Promise<PostSummary | null>
  /** Returns these posts of a site without their manifests, by id; those that exist. */
  summaries(site: SiteId, posts: readonly PostId[]): Promise<ReadonlyMap<PostId, PostSummary>>
  /** Returns the numbers of assets of these posts of a site, by id; those that have any. */
  assetCounts(site: SiteId, posts: readonly PostId[]): Promise<ReadonlyMap<PostId, number>>
  /** Returns the site's posts without their manifests, latest publication first. */
  list(site: SiteId): Promise<PostSummary[]>
  /** Returns the site's post with the latest publication that is not revoked; null if it has none. */
  latest(site: SiteId): Promise<PostSummary | null>
  /**
   * Records the post's latest publication in one transaction.
   * @throws {RegistryError} `stale-version` when the version is not above the recorded one, `withdrawn` when it is not
   * revoked and the CMS has withdrawn or suspended the post since `statement`, `disconnected` when it is not revoked and
   * the site has disconnected.
   */
  record(publication: Publication): Promise<PublishedPost>
  /** The assets of the latest publication, in its order. */
  assets(site: SiteId, post: PostId): Promise<PublishedAsset[]>
  /** How many those are. */
  assetCount(site: SiteId, post: PostId): Promise<number>
  /** Returns the published pictures of a site with these addresses, without queries; each once, with one of its posts. */
  pictures(site: SiteId, urls: readonly string[]): Promise<PublishedPicture[]>
}

/** A picture of a post's latest publication. */
export interface PublishedPicture {
  /** Without query. */
  readonly url: string
  /** bytes */
  readonly size: number
  readonly post: PostId
}

export function createPosts(database: Database, outbox: EventTransactions, now: () => number): Posts {
  return {
    ...createPostPages(database),
    ids: async (site) => {
      const query = 'select post from peerpress.post where site = $1 order by post'
      return (await database.query<{ post: PostId }>(query, [site])).map(({ post }) => post)
    },
    replaceEnvelope: async ({ site, post, version, envelope }) => {
      await database.query(
        'update peerpress.post set envelope = $4 where site = $1 and post = $2 and version = $3',
        [site, post, version, envelope],
      )
    },
    get: async (site, post) => {
      if (!isPost(site, post)) return null
      const query = `select ${summaryColumns}, envelope from peerpress.post where site = $1 and post = $2`
      const [row] = await database.query<SummaryRow & { readonly envelope: string }>(query, [site, post])
      return row === undefined ? null : { ...summaryOf(row), envelope: row.envelope }
    },
    summary: async (site, post) => {
      if (!isPost(site, post)) return null
      const query = `select ${summaryColumns} from peerpress.post where site = $1 and post = $2`
      const [row] = await database.query<SummaryRow>(query, [site, post])
      return row === undefined ? null : summaryOf(row)
    },
    summaries: async (site, posts) => {
      if (!isSiteId(site)) return new Map()
      const query = `select ${summaryColumns} from peerpress.post where site = $1 and post = any($2)`
      const ids = posts.filter((post) => isPost(site, post))
      const found = await database.query<SummaryRow>(query, [site, ids])
      return new Map(found.map((row) => [row.post, summaryOf(row)]))
    },
    assetCounts: async (site, posts) => {
      if (!isSiteId(site)) return new Map()
      const query = `select post, count(*)::int as count from peerpress.post_asset
        where site = $1 and post = any($2) group by post`
      const ids = posts.filter((post) => isPost(site, post))
      const found = await database.query<{ post: PostId; count: number }>(query, [site, ids])
      return new Map(found.map(({ post, count }) => [post, count]))
    },
    list: async (site) => {
      if (!isSiteId(site)) return []
      const query = `select ${summaryColumns} from peerpress.post where site = $1
        order by published_at desc, post`
      return (await database.query<SummaryRow>(query, [site])).map(summaryOf)
    },
    latest: async (site) => {
      if (!isSiteId(site)) return null
      const query = `select ${summaryColumns} from peerpress.post where site = $1 and not revoked
        order by published_at desc, post limit 1`
      const [row] = await database.query<SummaryRow>(query, [site])
      return row === undefined ? null : summaryOf(row)
    },
    record: (publication) =>
      outbox.transaction(async (sql) => {
        const publishedAt = new Date(now())
        if (!publication.revoked) {
          await requireConnected(sql, publication.site)
          await requirePublic(sql, publication)
        }
        await recordPost(sql, publication, publishedAt)
        await recordAssets(sql, publication)
        const { site, post, url, version, revoked, envelope } = publication
        await recordEntry(sql, {
          site,
          at: publishedAt,
          kind: revoked ? 'revocation' : 'publication',
          subject: post,
          text: String(version),
        })
        sql.emit({ type: revoked ? 'post.revoked' : 'post.published', site, post, version })
        return { site, post, url, version, revoked, envelope, publishedAt }
      }),
    assets: async (site, post) => {
      if (!isPost(site, post)) return []
      const rows = await database.query<AssetRow>(
        `select a.id, p.url, p.type, p.disposition, a.size, a.chunk_size, a.hashes, p.etag, p.last_modified
         from peerpress.post_asset p join peerpress.asset a on a.id = p.asset
         where p.site = $1 and p.post = $2 order by p.position`,
        [site, post],
      )
      return rows.map(({ chunk_size, last_modified, size, disposition, ...row }) => ({
        ...row,
        ...(disposition !== null && { disposition }),
        size: Number(size),
        chunkSize: chunk_size,
        lastModified: last_modified,
      }))
    },
    assetCount: async (site, post) => {
      if (!isPost(site, post)) return 0
      const query = 'select count(*)::int as count from peerpress.post_asset where site = $1 and post = $2'
      return (await database.query<{ count: number }>(query, [site, post]))[0]?.count ?? 0
    },
    pictures: async (site, urls) => {
      if (!isSiteId(site)) return []
      const known = urls.filter((url) => !url.includes('\0') && url.isWellFormed())
      const rows = await database.query<{ url: string; size: string | number; post: PostId }>(
        `select distinct on (1) split_part(p.url, '?', 1) as url, a.size, p.post
         from peerpress.post_asset p join peerpress.asset a on a.id = p.asset
         join peerpress.post on post.site = p.site and post.post = p.post and not post.revoked
         where p.site = $1 and p.type like 'image/%' and split_part(p.url, '?', 1) = any($2)
         order by 1, a.size desc, p.post`,
        [site, known],
      )
      return rows.map((row) => ({ ...row, size: Number(row.size) }))
    },
  }
}

/** Whether there can be such a post of such a site. */
function isPost(site: SiteId, post: PostId): boolean {
  return isSiteId(site) && postIdPattern.test(post)
}

/** Locks the site until the publication is recorded. A concurrent disconnect waits, and then revokes the publication. */
async function requireConnected(sql: Sql, site: SiteId): Promise<void> {
  const query = 'select disconnected_at from peerpress.site where id = $1 for share'
  const [row] = await sql.query<{ disconnected_at: Date | null }>(query, [site])
  if (row !== undefined && row.disconnected_at !== null)
    throw new RegistryError('disconnected', `the site ${site} has disconnected`)
}

/** Locks the statement until the publication is recorded. A concurrent withdrawal waits, and then revokes it. */
async function requirePublic(sql: Sql, { site, post, statement }: Publication): Promise<void> {
  const latest = await readStatement(sql, { site, post }, 'for update')
  if (latest === null || latest.says === 'published') return
  const isKnown = latest.says === statement?.says && latest.saidAt.getTime() === statement.saidAt.getTime()
  if (latest.says === 'withdrawn' || !isKnown) {
    throw new RegistryError('withdrawn', `the site has withdrawn ${site}/${post}`)
  }
  const update = `update peerpress.post_statement set says = 'published' where site = $1 and post = $2`
  await sql.query(update, [site, post])
}

async function recordPost(sql: Sql, publication: Publication, publishedAt: Date): Promise<void> {
  const { site, post, url, version, revoked, envelope, snapshot } = publication
  const rows = await sql.query(
    `insert into peerpress.post (site, post, url, version, revoked, published_at, envelope, snapshot, snapshot_size)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (site, post) do update set url = excluded.url, version = excluded.version,
       revoked = excluded.revoked, published_at = excluded.published_at, envelope = excluded.envelope,
       snapshot = excluded.snapshot, snapshot_size = excluded.snapshot_size,
       unread = false
     where post.version < excluded.version
     returning version`,
    [site, post, url, version, revoked, publishedAt, envelope, snapshot?.id ?? null, snapshot?.size ?? null],
  )
  if (rows.length === 0) {
    throw new RegistryError(
      'stale-version',
      `version ${version} of ${site}/${post} is not above the recorded one`,
    )
  }
}

/** Assets per insert. The embedded engine runs in this thread, so the server waits for each statement. */
const assetsPerStatement = 200

async function recordAssets(sql: Sql, { site, post, assets }: Publication): Promise<void> {
  await sql.query('delete from peerpress.post_asset where site = $1 and post = $2', [site, post])
  for (let start = 0; start < assets.length; start += assetsPerStatement) {
    const rows = assets.slice(start, start + assetsPerStatement).map((asset, index) => ({
      ...asset,
      hashes: Buffer.from(asset.hashes).toString('hex'),
      position: start + index,
    }))
    const json = JSON.stringify(rows)
    await sql.query(
      `insert into peerpress.asset (id, type, size, chunk_size, hashes)
       select id, type, size, "chunkSize", decode(hashes, 'hex')
       from jsonb_to_recordset($1::text::jsonb)
         as asset(id text, type text, size bigint, "chunkSize" integer, hashes text)
       on conflict (id) do nothing`,
      [json],
    )
    await sql.query(
      `insert into peerpress.post_asset (site, post, position, asset, url, type, disposition, etag, last_modified)
       select $1, $2, position, id, url, type, disposition, etag, "lastModified"
       from jsonb_to_recordset($3::text::jsonb) as asset(position integer, id text, url text, type text,
         disposition text, etag text, "lastModified" text)`,
      [site, post, json],
    )
    await setImmediate()
  }
}

const summaryColumns = 'site, post, url, version, revoked, published_at'

interface SummaryRow extends Omit<PostSummary, 'publishedAt'> {
  readonly published_at: Date
}

function summaryOf({ site, post, url, version, revoked, published_at }: SummaryRow): PostSummary {
  return { site, post, url, version, revoked, publishedAt: published_at }
}

interface AssetRow {
  readonly id: AssetId
  readonly url: string
  readonly type: string
  readonly disposition: string | null
  /** bigint: a string from a server, a number from the embedded engine */
  readonly size: string | number
  readonly chunk_size: number
  readonly hashes: Uint8Array
  readonly etag: string | null
  readonly last_modified: string | null
}
