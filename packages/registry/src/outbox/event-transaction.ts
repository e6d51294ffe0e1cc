import type { Database, Sql } from '../engines/database.ts'
import type { DomainChange } from './domain-event.ts'

/** A transaction that changes records and emits domain events about the changes. */
export interface EventTransaction extends Sql {
  /** Adds an event. It is stored if the transaction commits, and only then. */
  readonly emit: (change: DomainChange) => void
}

/** Runs transactions whose domain events are stored with their changes. */
export interface EventTransactions {
  readonly transaction: <T>(work: (within: EventTransaction) => Promise<T>) => Promise<T>
}

/** @param onCommit called after each transaction that stored events. Must not throw. */
export function createEventTransactions(
  database: Database,
  now: () => number,
  onCommit: () => void,
): EventTransactions {
  return {
    transaction: async (work) => {
      const changes: DomainChange[] = []
      const result = await database.transaction(async (sql) => {
        const emit = (change: DomainChange) => changes.push(change)
        const outcome = await work({ query: (text, params) => sql.query(text, params), emit })
        if (changes.length > 0) await insertEvents(sql, changes, new Date(now()))
        return outcome
      })
      if (changes.length > 0) onCommit()
      return result
    },
  }
}

/**
 * Inserts events as the last statements of a transaction. The update locks the position until the commit, so events become
 * visible in the order of their positions, and a reader that has seen one never misses an earlier one. Nothing is locked
 * after it, so it causes no deadlock.
 */
async function insertEvents(sql: Sql, changes: readonly DomainChange[], occurredAt: Date): Promise<void> {
  const [row] = await sql.query<{ position: string | number }>(
    `insert into peerpress.outbox as known (id, position) values (1, $1)
     on conflict (id) do update set position = known.position + $1 returning position`,
    [changes.length],
  )
  const before = Number(row?.position) - changes.length
  for (const [index, { type, site, ...data }] of changes.entries()) {
    await sql.query(
      `insert into peerpress.domain_event (position, type, site, data, occurred_at)
       values ($1, $2, $3, $4::text::jsonb, $5)`,
      [before + index + 1, type, site, JSON.stringify(data), occurredAt],
    )
  }
}
