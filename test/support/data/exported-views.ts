import { buffer } from 'node:stream/consumers'
import { zstdDecompressSync } from 'node:zlib'
import type { Store, ViewRow } from '@peerpress/store'
import { parquetReadObjects } from 'hyparquet'

/** A view as its row in an export. */
export type ExportedView = Omit<ViewRow, 'started_at' | 'received_at'> & { readonly started_at: Date }

/** Reads the export of a site's views with a library that shares no code with the store. */
export async function exportedViews(store: Pick<Store, 'exportViews'>, site: string): Promise<ExportedView[]> {
  const { parquet } = await store.exportViews({ site, from: new Date('2020-01-01'), to: new Date('2099-01-01') })
  const bytes = await buffer(parquet)
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    compressors: { ZSTD: (input) => zstdDecompressSync(input) },
  })
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(toNumber)) as unknown as ExportedView)
}

/** Counts of 64 bits are within the safe integers here. */
function toNumber([name, value]: [string, unknown]): [string, unknown] {
  return [name, typeof value === 'bigint' ? Number(value) : value]
}
