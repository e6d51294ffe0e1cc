import type { Sql } from '../engines/database.ts'

/**
 * Tables that no backup has. Codes of sites and searches that are being connected, challenges, sessions, tokens, welcome links
 * and the addresses of public reports end with a restore. The schema's steps and the outcomes of schedules are recorded by the restored server. A notification that waited at the backup may
 * have been sent since. Standing is recomputed from the ledger.
 */
const leftOut: readonly string[] = [
  'api_token',
  'api_token_site',
  'attempt_limit',
  'challenge',
  'connection',
  'lent_nonce',
  'migration',
  'notification',
  'public_report',
  'schedule',
  'search_authorization',
  'session',
  'standing_fact',
  'standing_head',
  'standing_member',
  'standing_post',
  'standing_vote',
  'welcome',
]

/** Secrets that a restored server draws anew, so that all tokens made from the old ones end. */
const endedSecrets: readonly string[] = ['operator-token', 'derived-seed-key', 'ticket-key']

/** SQL conditions for the rows that a backup has. A table without a condition is backed up as a whole. */
export const rowsOf: Readonly<Record<string, string>> = {
  secret: `where name not in (${endedSecrets.map((name) => `'${name}'`).join(', ')})`,
  // No manifest of the backup names the assets of earlier publications.
  asset: 'where exists (select 1 from peerpress.post_asset named where named.asset = asset.id)',
}

/** Returns the names of the tables in a backup. Each table follows the tables that it refers to. */
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
    // A cycle of references would be a bug of the schema.
    if (next.length === 0) throw new Error(`tables refer to each other: ${[...left].join(', ')}`)
    for (const name of next) left.delete(name)
    ordered.push(...next)
  }
  return ordered
}
