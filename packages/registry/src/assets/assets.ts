import { type AssetId, hashLength, hashPattern, type SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** Media type of the pages that posts were published with. */
export const snapshotType = 'text/html'

/** An immutable byte string that some post of some site was published with. */
export interface StoredAsset {
  readonly id: AssetId
  /** Media type of its first publication. */
  readonly type: string
  /** bytes */
  readonly size: number
}

export interface Assets {
  /**
   * Returns an asset or a page that some post has now. The page of a restored post is not found until the post was read
   * from its site. Assets of earlier publications are not found.
   */
  get(id: AssetId): Promise<StoredAsset | null>
  /** Whether an asset was published in the last 90 days and no post has it any more. */
  isReleased(id: AssetId): Promise<boolean>
  /** Returns the ids that no post names, neither as an asset nor as its page. */
  unnamed(ids: readonly AssetId[]): Promise<AssetId[]>
  /** Deletes the records of assets that no post has had for 90 days. */
  forgetReleased(): Promise<void>
  /** Returns the SHA-256 of a chunk, 32 bytes; null if the asset or the chunk does not exist. */
  chunkHash(id: AssetId, index: number): Promise<Uint8Array | null>
  /**
   * Returns the assets and pages that no post would name if the site were removed. Assets that only earlier publications of
   * any site had are among them.
   * @param among restricts the result to these ids
   */
  onlyOf(site: SiteId, among?: readonly AssetId[]): Promise<AssetId[]>
}

/** How long the record of an asset stays after the last post dropped the asset, ms. */
const releasedMemory = 90 * 24 * 3600 * 1000

export function createAssets(database: Database, now: () => number): Assets {
  const sql: Sql = database
  return {
    get: async (id) => {
      if (!hashPattern.test(id)) return null
      const query = `select id, type, size from peerpress.asset where id = $1
          and exists (select 1 from peerpress.post_asset where asset = $1)
        union all
        select snapshot, $2, snapshot_size from peerpress.post where snapshot = $1 and not unread limit 1`
      const [row] = await sql.query<{ id: AssetId; type: string; size: string | number }>(query, [
        id,
        snapshotType,
      ])
      return row === undefined ? null : { ...row, size: Number(row.size) }
    },
    isReleased: async (id) => {
      if (!hashPattern.test(id)) return false
      const query = `select 1 from peerpress.asset where id = $1
        and not exists (select 1 from peerpress.post_asset where asset = $1)`
      return (await sql.query(query, [id])).length > 0
    },
    unnamed: async (ids) => {
      const query = `select id from jsonb_array_elements_text($1::text::jsonb) as given (id)
        where not exists (select 1 from peerpress.post_asset where asset = id)
          and not exists (select 1 from peerpress.post where snapshot = id)`
      const rows = await sql.query<{ id: AssetId }>(query, [JSON.stringify(ids)])
      return rows.map(({ id }) => id)
    },
    forgetReleased: () =>
      database.transaction(async (within) => {
        const isNamed = 'exists (select 1 from peerpress.post_asset named where named.asset = asset.id)'
        // Removing a site deletes its posts but marks no assets, so every asset without a post counts as released here.
        await within.query(
          `update peerpress.asset set released_at = case when ${isNamed} then null else $1::timestamptz end
           where (released_at is null) <> ${isNamed}`,
          [new Date(now())],
        )
        await within.query('delete from peerpress.asset where released_at < $1', [
          new Date(now() - releasedMemory),
        ])
      }),
    chunkHash: async (id, index) => {
      if (!hashPattern.test(id) || !isChunkIndex(index)) return null
      const query = 'select substring(hashes from $2 for $3) as hash from peerpress.asset where id = $1'
      const [row] = await sql.query<{ hash: Uint8Array }>(query, [id, index * hashLength + 1, hashLength])
      return row?.hash.length === hashLength ? row.hash : null
    },
    onlyOf: async (site, among) => {
      if (!isSiteId(site)) return []
      const query = `select id from (select id from peerpress.asset where not exists (
          select 1 from peerpress.post_asset other where other.asset = asset.id and other.site <> $1)
        union select snapshot from peerpress.post where site = $1 and snapshot is not null and not exists (
          select 1 from peerpress.post other where other.snapshot = post.snapshot and other.site <> $1)) own
        where $2::text is null or id in (select jsonb_array_elements_text($2::text::jsonb))`
      const looked = among === undefined ? null : JSON.stringify(among)
      return (await sql.query<{ id: AssetId }>(query, [site, looked])).map(({ id }) => id)
    },
  }
}

/** Whether Postgres accepts the byte offset of a chunk's hash: its `substring` counts in 32 bits. */
function isChunkIndex(index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < 2 ** 31 / hashLength - 1
}
