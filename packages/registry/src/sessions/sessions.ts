import type { SiteId } from '@peerpress/wire'
import {
  type Account,
  accountColumns,
  type AccountRow,
  type SiteRole,
  toAccount,
} from '../accounts/account.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Database, Sql } from '../engines/database.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { isProven, type SignInProof } from './sign-in-proof.ts'

/** An account that is signed in, with its roles. */
export interface SignedIn {
  /** The id of the session. */
  readonly id: string
  readonly begunAt: Date
  readonly account: Account
  readonly roles: ReadonlyMap<SiteId, SiteRole>
}

/** How a session began. */
export const signInWays = [
  'password',
  'passkey',
  'provider',
  'link',
] as const satisfies readonly SignInProof['way'][]

/** A session of an account. */
export interface Session {
  readonly id: string
  readonly createdAt: Date
  /** The hour of its last request. */
  readonly seenAt: Date
  /** The network prefix of the client that began it; null for a session of an earlier release. */
  readonly network: string | null
  /** Null for a session of an earlier release. */
  readonly way: SignInProof['way'] | null
}

/** The sessions of accounts. Their tokens are stored as hashes. */
export interface Sessions {
  /**
   * Begins a session of an account. `replaced` is the session that this browser had; it ends. Returns false if the account was
   * closed, or the proof no longer holds.
   */
  begin(session: {
    readonly hash: Uint8Array
    readonly account: string
    readonly replaced: Uint8Array | null
    /** The network prefix of the client. */
    readonly network: string
    readonly proof: SignInProof
  }): Promise<boolean>
  /** Returns the account of a session; null if it is unknown or has ended. */
  find(hash: Uint8Array): Promise<SignedIn | null>
  end(hash: Uint8Array): Promise<void>
  /** Returns the sessions of an account that have not ended, latest first. */
  of(account: string): Promise<Session[]>
  /** Ends one session of an account. Returns false if it has no such session. */
  endOne(account: string, id: string): Promise<boolean>
  /** Ends all sessions of an account. Returns how many there were. */
  endAll(account: string, actor: string): Promise<number>
}

/** Removes sessions that have ended. */
export async function forgetSessions(sql: Sql, now: number): Promise<void> {
  await sql.query('delete from peerpress.session where created_at < $1 or seen_at < $2', [
    new Date(now - sessionLimits.lifetime),
    new Date(now - sessionLimits.idle),
  ])
}

/** ms after which a session ends, and after which it ends without a request. */
export const sessionLimits = { lifetime: 30 * 86_400_000, idle: 7 * 86_400_000 } as const
/** ms between two records of a session's last request. */
const seenInterval = 3_600_000

export function createSessions(database: Database, now: () => number): Sessions {
  return {
    begin: ({ hash, account, replaced, network, proof }) =>
      database.transaction(async (sql) => {
        if (!(await isProven(sql, account, proof))) return false
        if (replaced !== null) await sql.query('delete from peerpress.session where hash = $1', [replaced])
        await sql.query(
          `insert into peerpress.session (hash, account, created_at, seen_at, id, network, way)
           values ($1, $2, $3, $3, $4, $5, $6)`,
          [hash, account, new Date(now()), createRecordId(), network, proof.way],
        )
        await recordAudit(sql, { actor: account, action: 'account.signed-in', subject: account }, now())
        return true
      }),
    find: async (hash) => {
      const at = now()
      const [row] = await database.query<
        AccountRow & { session: string; begun_at: Date; seen_at: Date; roles: [SiteId, SiteRole][] }
      >(
        `select ${accountColumns
          .split(', ')
          .map((column) => `account.${column}`)
          .join(', ')}, session.id as session, session.created_at as begun_at, seen_at,
           (select coalesce(json_agg(json_build_array(site, role)), '[]') from peerpress.membership
            where membership.account = account.id) as roles
         from peerpress.session join peerpress.account on account.id = session.account
         where hash = $1 and closed_at is null and session.created_at > $2 and seen_at > $3`,
        [hash, new Date(at - sessionLimits.lifetime), new Date(at - sessionLimits.idle)],
      )
      if (row === undefined) return null
      if (row.seen_at.getTime() < at - seenInterval) {
        await database.query('update peerpress.session set seen_at = $2 where hash = $1', [
          hash,
          new Date(at),
        ])
      }
      return { id: row.session, begunAt: row.begun_at, account: toAccount(row), roles: new Map(row.roles) }
    },
    end: async (hash) => {
      await database.query('delete from peerpress.session where hash = $1', [hash])
    },
    of: async (account) => {
      if (!isRecordId(account)) return []
      const at = now()
      const rows = await database.query<SessionRow>(
        `select id, created_at, seen_at, network, way from peerpress.session
         where account = $1 and created_at > $2 and seen_at > $3 order by seen_at desc, created_at desc, id`,
        [account, new Date(at - sessionLimits.lifetime), new Date(at - sessionLimits.idle)],
      )
      return rows.map(({ created_at: createdAt, seen_at: seenAt, way, ...row }) => ({
        ...row,
        createdAt,
        seenAt,
        way: signInWays.find((known) => known === way) ?? null,
      }))
    },
    endOne: async (account, id) => {
      if (!isRecordId(account) || !isRecordId(id)) return false
      const ended = await database.query(
        'delete from peerpress.session where account = $1 and id = $2 returning id',
        [account, id],
      )
      return ended.length > 0
    },
    endAll: (account, actor) =>
      database.transaction(async (sql) => {
        if (!isRecordId(account)) return 0
        const ended = await sql.query('delete from peerpress.session where account = $1 returning id', [
          account,
        ])
        await recordAudit(sql, { actor, action: 'sessions.ended', subject: account }, now())
        return ended.length
      }),
  }
}

interface SessionRow {
  readonly id: string
  readonly created_at: Date
  readonly seen_at: Date
  readonly network: string | null
  /** A later release may have recorded another way. */
  readonly way: string | null
}
