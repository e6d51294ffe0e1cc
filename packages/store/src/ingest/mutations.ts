import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from '../engine/connection.ts'
import { StoreError } from '../store-error.ts'

const pollMs = 100

/**
 * Waits until the engine has applied all mutations of a table so far. It polls, because a statement that waits itself would
 * occupy a connection for as long as the table takes.
 * @throws {StoreError} `query-failed` when the engine cannot rewrite a part
 */
export async function mutationsDone(connection: Connection, table: string): Promise<void> {
  for (;;) {
    const [row] = await connection.query(
      `SELECT count() AS unfinished, max(latest_fail_reason) AS reason FROM system.mutations
WHERE database = currentDatabase() AND table IN ({table:String}, concat({table:String}, '_shard')) AND NOT is_done`,
      { table },
    )
    if (row === undefined || Number(row['unfinished']) === 0) return
    if (row['reason'] !== '') {
      throw new StoreError('query-failed', `rows of ${table} cannot be rewritten: ${String(row['reason'])}`)
    }
    await delay(pollMs)
  }
}
