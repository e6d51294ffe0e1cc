import type { AssetId } from '@peerpress/wire'
import type { Sql } from './database.ts'

/** An immutable byte string that some post of some site was published with. */
export interface StoredAsset {
  readonly id: AssetId
  /** Media type of its first publication. */
  readonly type: string
  /** bytes */
  readonly size: number
}

export interface Assets {
  get(id: AssetId): Promise<StoredAsset | null>
}

export function createAssets(sql: Sql): Assets {
  return {
    get: async (id) => {
      const query = 'select id, type, size from peerpress.asset where id = $1'
      const [row] = await sql.query<{ id: AssetId; type: string; size: string | number }>(query, [id])
      return row === undefined ? null : { ...row, size: Number(row.size) }
    },
  }
}
