import type { Database } from '../engines/database.ts'

/** The events that a subscriber has handled already: all up to a position. */
export interface Cursor {
  /** Returns the claimed position if later events may be handled here and now; else null. */
  claim(): Promise<Claim | null>
  /** Returns the ms until an event that failed is due again; null if none waits. */
  retryIn(): Promise<number | null>
  /** Extends the claim while an event is handled. */
  renew(): Promise<void>
  advance(position: number): Promise<void>
  /** Ends the claim. After a failure the event is due again in `retryMs`. */
  release(failure: { readonly message: string; readonly retryMs: number } | null): Promise<void>
}

/** A right to handle the events after a position. */
export interface Claim {
  readonly position: number
  /** How often the next event has failed. */
  readonly failures: number
  /** The position of the latest event. */
  readonly head: number
}

/** How long a claim holds without renewal, s: a server that was killed blocks a subscriber no longer. */
const leaseSeconds = 60

/** A claim or a retry that lies further ahead was written before the clock was set back. It counts as over. */
const furthest = `interval '20 minutes'`

/**
 * Opens the cursor that is stored under a subscriber's name. One server at a time claims it. A new subscriber begins with the
 * oldest event that is still stored.
 * @param node names this server among those that share the database
 */
export async function openStoredCursor(
  database: Database,
  { subscriber, node }: { readonly subscriber: string; readonly node: string },
): Promise<Cursor> {
  await database.query(
    `insert into peerpress.subscription as known (subscriber, position, seen_at)
     values ($1, 0, now()) on conflict (subscriber) do update set seen_at = now()`,
    [subscriber],
  )
  // The claims of an embedded database are of processes that ended.
  if (database.exclusive) {
    await database.query('update peerpress.subscription set leased_by = null where subscriber = $1', [
      subscriber,
    ])
  }
  const isFree = `(leased_by is null or leased_by = $2 or leased_until < now() or leased_until > now() + ${furthest})`
  const isDue = `(retry_at is null or retry_at <= now() or retry_at > now() + ${furthest})`
  const lease = `leased_by = $2, leased_until = now() + interval '${leaseSeconds} seconds', seen_at = now()`
  return {
    claim: async () => {
      const [row] = await database.query<{
        position: string | number
        failures: number
        head: string | number
      }>(
        `update peerpress.subscription set ${lease}
         from peerpress.outbox
         where subscriber = $1 and subscription.position < outbox.position and ${isFree} and ${isDue}
         returning subscription.position, failures, outbox.position as head`,
        [subscriber, node],
      )
      if (row === undefined) return null
      return { position: Number(row.position), failures: row.failures, head: Number(row.head) }
    },
    retryIn: async () => {
      const [row] = await database.query<{ ms: string | number }>(
        `select extract(epoch from retry_at - now()) * 1000 as ms from peerpress.subscription
         where subscriber = $1 and not ${isDue}`,
        [subscriber],
      )
      return row === undefined ? null : Number(row.ms)
    },
    renew: async () => {
      await database.query(
        `update peerpress.subscription set ${lease} where subscriber = $1 and leased_by = $2`,
        [subscriber, node],
      )
    },
    advance: async (position) => {
      await database.query(
        `update peerpress.subscription set position = $3, failures = 0, retry_at = null, last_error = null, ${lease}
         where subscriber = $1 and leased_by = $2 and position < $3`,
        [subscriber, node, position],
      )
    },
    release: async (failure) => {
      await database.query(
        failure === null
          ? 'update peerpress.subscription set leased_by = null where subscriber = $1 and leased_by = $2'
          : `update peerpress.subscription set leased_by = null, failures = failures + 1, last_error = $3,
               retry_at = now() + $4 * interval '1 millisecond'
             where subscriber = $1 and leased_by = $2`,
        failure === null ? [subscriber, node] : [subscriber, node, failure.message, failure.retryMs],
      )
    },
  }
}

/** Opens a cursor in memory, which begins after the latest event: for state that lives in this process alone. */
export async function openMemoryCursor(database: Database): Promise<Cursor> {
  const readHead = async () => {
    const query = 'select coalesce(max(position), 0) as position from peerpress.outbox'
    return Number((await database.query<{ position: string | number }>(query))[0]?.position ?? 0)
  }
  let position = await readHead()
  let failures = 0
  return {
    claim: async () => {
      const head = await readHead()
      return head > position ? { position, failures, head } : null
    },
    // A failure schedules its retry, and no other process shares the cursor.
    retryIn: () => Promise.resolve(null),
    renew: () => Promise.resolve(),
    advance: async (to) => {
      position = to
      failures = 0
    },
    release: async (failure) => {
      if (failure !== null) failures++
    },
  }
}
