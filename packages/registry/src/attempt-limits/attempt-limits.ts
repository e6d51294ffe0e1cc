import type { Database, Sql } from '../engines/database.ts'

/** A limit of attempts: so many at once, and one more after each interval. */
export interface AttemptLimit {
  /** The hash of what is limited. */
  readonly key: Uint8Array
  readonly burst: number
  /** ms */
  readonly interval: number
}

/** Limits of attempts that hold across restarts and for all servers of an installation. */
export interface AttemptLimits {
  /** Counts an attempt. Returns 0, or the ms until one is possible; then it was not counted. */
  take(limit: AttemptLimit): Promise<number>
  /** Takes an attempt back that succeeded. */
  giveBack(limit: AttemptLimit): Promise<void>
}

/**
 * The generic cell rate algorithm (ITU-T I.371): one time for each key. A key whose time has passed has all its attempts, so
 * its row is not needed. No clock that only goes forward gives a key a time beyond `burst` intervals from now: such a key was
 * used before the clock was set back, and starts anew instead of refusing until the clock has caught up.
 */
export function createAttemptLimits(database: Database, now: () => number): AttemptLimits {
  return {
    take: async ({ key, burst, interval }) => {
      const at = now()
      const limit = new Date(at + (burst - 1) * interval)
      const taken = await database.query(
        `insert into peerpress.attempt_limit (key, full_at) values ($1, $3)
         on conflict (key) do update
           set full_at = $5::double precision * interval '1 millisecond'
             + case when attempt_limit.full_at > $6 then $2 else greatest(attempt_limit.full_at, $2) end
           where attempt_limit.full_at <= $4 or attempt_limit.full_at > $6
         returning key`,
        [key, new Date(at), new Date(at + interval), limit, interval, new Date(at + burst * interval)],
      )
      if (taken.length > 0) return 0
      const [row] = await database.query<{ full_at: Date }>(
        'select full_at from peerpress.attempt_limit where key = $1',
        [key],
      )
      return Math.max(1, (row?.full_at.getTime() ?? at) - limit.getTime())
    },
    giveBack: async ({ key, interval }) => {
      await database.query(
        `update peerpress.attempt_limit
         set full_at = full_at - $2::double precision * interval '1 millisecond' where key = $1`,
        [key, interval],
      )
    },
  }
}

export async function forgetAttempts(sql: Sql, now: number): Promise<void> {
  await sql.query('delete from peerpress.attempt_limit where full_at < $1', [new Date(now)])
}
