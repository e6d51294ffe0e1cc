import { type AuditAction, recordAudit } from '../audit/audit.ts'
import type { Sql } from '../engines/database.ts'
import { lockOpenAccount } from './accounts.ts'

/** What became of the removal of a way to sign in. `last-way`: nothing else signs in to the account, so it stays. */
export type WayRemoval = 'removed' | 'unknown' | 'last-way'

/** A passkey or a link to a provider, which is to be removed. */
export interface RemovedWay {
  readonly table: 'passkey' | 'identity'
  readonly id: string
  readonly account: string
  readonly actor: string
  readonly action: AuditAction
  /** ms since the Unix epoch. */
  readonly now: number
}

/** Removes a way to sign in within a transaction. The account is locked, so that two removals do not leave it without any. */
export async function removeWay(
  sql: Sql,
  { table, id, account, actor, action, now }: RemovedWay,
): Promise<WayRemoval> {
  if (!(await lockOpenAccount(sql, account))) return 'unknown'
  const params = [account, id]
  const removed = await sql.query(`select id from peerpress.${table} where account = $1 and id = $2`, params)
  if (removed.length === 0) return 'unknown'
  const others = await sql.query(
    `select id from peerpress.account where id = $1 and password is not null
     union all select id from peerpress.passkey where account = $1 and id <> $2
     union all select id from peerpress.identity where account = $1 and id <> $2 limit 1`,
    params,
  )
  if (others.length === 0) return 'last-way'
  await sql.query(`delete from peerpress.${table} where account = $1 and id = $2`, params)
  await recordAudit(sql, { actor, action, subject: account }, now)
  return 'removed'
}
