import { randomBytes } from 'node:crypto'
import type { Sql } from '../engines/database.ts'

/** Returns the 32 random bytes that are stored under `name`. The first call draws them. */
export async function readSecret(sql: Sql, name: string): Promise<Uint8Array> {
  await sql.query(
    'insert into peerpress.secret (name, value) values ($1, $2) on conflict (name) do nothing',
    [name, randomBytes(32)],
  )
  const rows = await sql.query<{ value: Uint8Array }>('select value from peerpress.secret where name = $1', [
    name,
  ])
  const value = rows[0]?.value
  if (value === undefined) throw new Error(`secret ${name} vanished between insert and select`)
  return value
}
