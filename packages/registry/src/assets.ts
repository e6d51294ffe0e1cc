import { type AssetId, hashLength, hashPattern, type SiteId } from '@peerpress/wire'
import type { Sql } from './database.ts'
import { isSiteId } from './sites.ts'

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
   * An asset; or the page that some post has now: one of a post that was changed or revoked, or was restored and is not
   * read yet, is not found.
   */
  get(id: AssetId): Promise<StoredAsset | null>
  /** SHA-256 of a chunk, 32 bytes; null when there is no such asset, or no such chunk of it. */
  chunkHash(id: AssetId, index: number): Promise<Uint8Array | null>
  /**
   * What nobody would name if the site were gone: its posts' assets and pages, as far as no other site's posts have the
   * same ones, and assets that only earlier publications had, whosoever they were.
   */
  onlyOf(site: SiteId): Promise<AssetId[]>
}

export function createAssets(sql: Sql): Assets {
  return {
    get: async (id) => {
      if (!hashPattern.test(id)) return null
      const query = `select id, type, size from peerpress.asset where id = $1 union all
        select snapshot, $2, snapshot_size from peerpress.post where snapshot = $1 and not unread limit 1`
      const [row] = await sql.query<{ id: AssetId; type: string; size: string | number }>(query, [
        id,
        snapshotType,
      ])
      return row === undefined ? null : { ...row, size: Number(row.size) }
    },
    chunkHash: async (id, index) => {
      if (!hashPattern.test(id) || !isChunkIndex(index)) return null
      const query = 'select substring(hashes from $2 for $3) as hash from peerpress.asset where id = $1'
      const [row] = await sql.query<{ hash: Uint8Array }>(query, [id, index * hashLength + 1, hashLength])
      return row?.hash.length === hashLength ? row.hash : null
    },
    onlyOf: async (site) => {
      if (!isSiteId(site)) return []
      const query = `select id from peerpress.asset where not exists (
          select 1 from peerpress.post_asset other where other.asset = asset.id and other.site <> $1)
        union select snapshot from peerpress.post where site = $1 and snapshot is not null and not exists (
          select 1 from peerpress.post other where other.snapshot = post.snapshot and other.site <> $1)`
      return (await sql.query<{ id: AssetId }>(query, [site])).map(({ id }) => id)
    },
  }
}

/** Whether the byte offset of a chunk's hash can be named to Postgres, whose `substring` counts in 32 bits. */
function isChunkIndex(index: number): boolean {
  return Number.isInteger(index) && index >= 0 && index < 2 ** 31 / hashLength - 1
}
