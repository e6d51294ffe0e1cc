import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../engines/database.ts'
import type { LedgerText } from './ledger-row.ts'

/** Draws a salt for a text and returns both with their hash, under which a row of the ledger refers to it. */
export function ledgerText(content: string): LedgerText {
  const salt = randomBytes(16).toString('hex')
  return { hash: textHash(salt, content), salt, content }
}

/** Inserts texts. A text that is there stays. */
export async function insertTexts(sql: Sql, texts: readonly LedgerText[]): Promise<void> {
  if (texts.length === 0) return
  await sql.query(
    `insert into peerpress.ledger_text (hash, salt, content)
     select hash, salt, content from jsonb_to_recordset($1::text::jsonb) as new (hash text, salt text, content text)
     on conflict (hash) do nothing`,
    [JSON.stringify(texts)],
  )
}

/** Returns the texts with these hashes. A text that was erased, or changed in the database, is absent. */
export async function readTexts(sql: Sql, hashes: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.query<LedgerText>(
    'select hash, salt, content from peerpress.ledger_text where hash = any($1::text[]) and content is not null',
    [hashes.filter((hash) => /^[0-9a-f]{64}$/.test(hash))],
  )
  const unchanged = rows.filter(({ hash, salt, content }) => textHash(salt, content) === hash)
  return new Map(unchanged.map(({ hash, content }) => [hash, content]))
}

/** Erases texts and their salts for good. */
export async function eraseTexts(sql: Sql, hashes: readonly string[], at: Date): Promise<void> {
  await sql.query(
    `update peerpress.ledger_text set content = null, salt = null, erased_at = $2
     where hash = any($1::text[]) and content is not null`,
    [hashes.filter((hash) => /^[0-9a-f]{64}$/.test(hash)), at],
  )
}

function textHash(salt: string, content: string): string {
  return createHash('sha256').update(Buffer.from(salt, 'hex')).update(content).digest('hex')
}
