import { lockOpenAccount } from '../accounts/accounts.ts'
import type { Sql } from '../engines/database.ts'

/** What proved a sign-in. It must hold until the session begins: the account may be secured in the meantime. */
export type SignInProof =
  /** `password` is the stored form that matched. */
  | { readonly way: 'password'; readonly password: string }
  /** `passkey` is its id. */
  | { readonly way: 'passkey'; readonly passkey: string }
  | { readonly way: 'provider'; readonly issuer: string; readonly subject: string }
  /** A link of one use, which was used up. */
  | { readonly way: 'link' }

/**
 * Locks an account until the transaction ends, and returns whether it is open and the proof of a sign-in holds. Whoever
 * secures an account changes the proof under the same lock, and then ends the sessions.
 */
export async function isProven(sql: Sql, account: string, proof: SignInProof): Promise<boolean> {
  if (!(await lockOpenAccount(sql, account))) return false
  const found = async (table: string, where: string, params: readonly unknown[]) =>
    (await sql.query(`select id from peerpress.${table} where ${where}`, [account, ...params])).length > 0
  switch (proof.way) {
    case 'password':
      return found('account', 'id = $1 and password = $2', [proof.password])
    case 'passkey':
      return found('passkey', 'account = $1 and id = $2', [proof.passkey])
    case 'provider':
      return found('identity', 'account = $1 and issuer = $2 and subject = $3', [proof.issuer, proof.subject])
    case 'link':
      return true
  }
}

/** Locks an account until the transaction ends, and returns whether it is open and still has the session. */
export async function hasSession(sql: Sql, account: string, session: string): Promise<boolean> {
  if (!(await lockOpenAccount(sql, account))) return false
  const params = [account, session]
  return (
    (await sql.query('select id from peerpress.session where account = $1 and id = $2', params)).length > 0
  )
}
