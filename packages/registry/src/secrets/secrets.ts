import { randomBytes } from 'node:crypto'
import type { Sql } from '../engines/database.ts'

/** Returns the 32 random bytes that are stored under `name`. The first call draws them. */
export async function readSecret(sql: Sql, name: string): Promise<Uint8Array> {
  await sql.query(
    'insert into peerpress.secret (name, value) values ($1, $2) on conflict (name) do nothing',
    [name, randomBytes(32)],
  )
  const value = await storedSecret(sql, name)
  if (value === null) throw new Error(`secret ${name} vanished between insert and select`)
  return value
}

/** Returns the bytes that are stored under `name`; null if none were drawn. */
export async function storedSecret(sql: Sql, name: string): Promise<Uint8Array | null> {
  const query = 'select value from peerpress.secret where name = $1'
  return (await sql.query<{ value: Uint8Array }>(query, [name]))[0]?.value ?? null
}

/** Draws the bytes under `name` anew, and returns them. */
export async function replaceSecret(sql: Sql, name: string): Promise<Uint8Array> {
  const value = randomBytes(32)
  await sql.query(
    `insert into peerpress.secret (name, value) values ($1, $2)
     on conflict (name) do update set value = excluded.value`,
    [name, value],
  )
  return value
}
