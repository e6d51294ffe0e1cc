import { removeWay, type WayRemoval } from '../accounts/remove-way.ts'
import { recordAudit } from '../audit/audit.ts'
import type { Database, Sql } from '../engines/database.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { hasSession } from '../sessions/sign-in-proof.ts'

/** A passkey of an account: a key pair whose private half stays on the person's device. */
export interface Passkey {
  readonly id: string
  readonly account: string
  /** The credential's id in base64url. */
  readonly credential: string
  /** COSE. */
  readonly publicKey: Uint8Array
  /** How often the authenticator has signed; 0 if it does not count. */
  readonly counter: number
  readonly transports: readonly string[]
  /** Whether the device's maker synchronises it between devices. */
  readonly isSynced: boolean
  readonly name: string
  readonly createdAt: Date
  /** Its last sign-in; null if there was none. */
  readonly usedAt: Date | null
}

export type PasskeyInput = Omit<Passkey, 'id' | 'createdAt' | 'usedAt'>

/** Maximum number of passkeys of an account. */
const maxPasskeys = 20

/** The passkeys of accounts. */
export interface Passkeys {
  /** Returns the passkeys of an account, oldest first. */
  of(account: string): Promise<Passkey[]>
  /** Returns the passkey of an open account, or null. */
  byCredential(credential: string): Promise<Passkey | null>
  /**
   * Adds a passkey in a session of its account. Returns null if the credential is known, the account has too many, or the session
   * has ended.
   */
  add(passkey: PasskeyInput, session: string): Promise<Passkey | null>
  /**
   * Records a sign-in. Returns false if the counter did not rise, which a copied authenticator causes.
   */
  use(id: string, counter: number): Promise<boolean>
  /** Returns false if the account has no such passkey. */
  rename(key: PasskeyKey, name: string): Promise<boolean>
  remove(key: PasskeyKey, actor: string): Promise<WayRemoval>
}

export interface PasskeyKey {
  readonly id: string
  readonly account: string
}

export function createPasskeys(database: Database, now: () => number): Passkeys {
  return {
    of: async (account) => (isRecordId(account) ? find(database, 'account = $1', [account]) : []),
    byCredential: async (credential) => {
      const isOpen = 'account in (select id from peerpress.account where closed_at is null)'
      return (await find(database, `credential = $1 and ${isOpen}`, [credential]))[0] ?? null
    },
    add: (passkey, session) =>
      database.transaction(async (sql) => {
        const { account, credential, publicKey, counter, transports, isSynced, name } = passkey
        if (!(await hasSession(sql, account, session))) return null
        if ((await find(sql, 'account = $1', [account])).length >= maxPasskeys) return null
        const id = createRecordId()
        const added = await sql.query(
          `insert into peerpress.passkey
             (id, account, credential, public_key, counter, transports, is_synced, name, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (credential) do nothing returning id`,
          [id, account, credential, publicKey, counter, transports, isSynced, name, new Date(now())],
        )
        if (added.length === 0) return null
        await recordAudit(sql, { actor: account, action: 'passkey.added', subject: account }, now())
        return (await find(sql, 'id = $1', [id]))[0] ?? null
      }),
    use: async (id, counter) => {
      const used = await database.query(
        `update peerpress.passkey set counter = $2, used_at = $3
         where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
        [id, counter, new Date(now())],
      )
      return used.length > 0
    },
    rename: async ({ id, account }, name) => {
      if (!isRecordId(id)) return false
      const renamed = await database.query(
        'update peerpress.passkey set name = $3 where id = $1 and account = $2 returning id',
        [id, account, name],
      )
      return renamed.length > 0
    },
    remove: async ({ id, account }, actor) => {
      if (!isRecordId(id)) return 'unknown'
      const removed = { table: 'passkey', id, account, actor, action: 'passkey.removed', now: now() } as const
      return database.transaction((sql) => removeWay(sql, removed))
    },
  }
}

interface PasskeyRow {
  readonly id: string
  readonly account: string
  readonly credential: string
  readonly public_key: Uint8Array
  readonly counter: string | number | bigint
  readonly transports: string[]
  readonly is_synced: boolean
  readonly name: string
  readonly created_at: Date
  readonly used_at: Date | null
}

async function find(sql: Sql, where: string, params: readonly unknown[]): Promise<Passkey[]> {
  const rows = await sql.query<PasskeyRow>(
    `select id, account, credential, public_key, counter, transports, is_synced, name, created_at, used_at
     from peerpress.passkey where ${where} order by created_at, id`,
    params,
  )
  return rows.map((row) => ({
    id: row.id,
    account: row.account,
    credential: row.credential,
    publicKey: Uint8Array.from(row.public_key),
    // Authenticators count in 32 bits.
    counter: Number(row.counter),
    transports: row.transports,
    isSynced: row.is_synced,
    name: row.name,
    createdAt: row.created_at,
    usedAt: row.used_at,
  }))
}
