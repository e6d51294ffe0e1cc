import type { Database, Sql } from '../engines/database.ts'

/** What a challenge is for. One for another purpose does not count. */
export type ChallengePurpose = 'passkey-sign-in' | 'passkey-add' | 'provider'

/** A challenge that was handed out. */
export interface Challenge {
  /** The signed-in account that it was made for; null if nobody was signed in. */
  readonly account: string | null
  /** What the answer is compared with, by name. */
  readonly content: Readonly<Record<string, string>>
}

/** Challenges of one use, such as of passkeys. The browser has their tokens, which are stored as hashes. */
export interface Challenges {
  add(
    hash: Uint8Array,
    challenge: Challenge & { readonly purpose: ChallengePurpose; readonly expiresAt: Date },
  ): Promise<void>
  /** Removes and returns a challenge. Returns null if it is unknown, used, expired, or for another purpose. */
  take(hash: Uint8Array, purpose: ChallengePurpose): Promise<Challenge | null>
}

export function createChallenges(database: Database, now: () => number): Challenges {
  return {
    add: async (hash, { purpose, account, content, expiresAt }) => {
      await database.query(
        `insert into peerpress.challenge (hash, purpose, account, content, expires_at)
         values ($1, $2, $3, $4::text::jsonb, $5)`,
        [hash, purpose, account, JSON.stringify(content), expiresAt],
      )
    },
    take: async (hash, purpose) => {
      const [row] = await database.query<Challenge & { purpose: string; expires_at: Date }>(
        'delete from peerpress.challenge where hash = $1 returning purpose, account, content, expires_at',
        [hash],
      )
      if (row === undefined || row.purpose !== purpose || row.expires_at.getTime() <= now()) return null
      return { account: row.account, content: row.content }
    },
  }
}

/** Removes challenges that nobody answered. */
export async function forgetChallenges(sql: Sql, now: number): Promise<void> {
  await sql.query('delete from peerpress.challenge where expires_at <= $1', [new Date(now)])
}
