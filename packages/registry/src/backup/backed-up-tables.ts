import type { Sql } from '../engines/database.ts'

/**
 * Tables that no backup has: what a restore ends (codes of sites that are being connected), the schema's own steps, and the
 * outcomes of schedules, which a restored server records itself. A table of sessions or tokens belongs here.
 */
const leftOut: readonly string[] = ['connection', 'migration', 'schedule']

/** What a server proves itself and others with; a restored one draws new ones, which ends all tokens made of these. */
const endedSecrets: readonly string[] = ['operator-token', 'ticket-key']

/** The rows of a table that a backup has, as SQL; all where it is not here. */
export const rowsOf: Readonly<Record<string, string>> = {
  secret: `where name not in (${endedSecrets.map((name) => `'${name}'`).join(', ')})`,
  // Others are of earlier publications, which no manifest of the backup names.
  asset: 'where exists (select 1 from peerpress.post_asset named where named.asset = asset.id)',
}

/** The names of all tables of records that a backup has, each after those that it refers to. */
export async function backedUpTables(sql: Sql): Promise<string[]> {
  const tables = await sql.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'peerpress' order by 1`,
  )
  const references = await sql.query<{ name: string; target: string }>(
    `select a.relname as name, b.relname as target from pg_constraint c
     join pg_class a on a.oid = c.conrelid join pg_class b on b.oid = c.confrelid
     join pg_namespace n on n.oid = a.relnamespace
     where c.contype = 'f' and n.nspname = 'peerpress' and a.oid <> b.oid`,
  )
  const left = new Set(tables.map(({ name }) => name).filter((name) => !leftOut.includes(name)))
  const ordered: string[] = []
  while (left.size > 0) {
    const waits = (name: string) => references.some((of) => of.name === name && left.has(of.target))
    const next = [...left].filter((name) => !waits(name))
    // Tables that refer to each other would be a fault of the schema.
    if (next.length === 0) throw new Error(`tables refer to each other: ${[...left].join(', ')}`)
    for (const name of next) left.delete(name)
    ordered.push(...next)
  }
  return ordered
}
