import { AccountError } from '../account-error.ts'
import type { Owner } from '../principal/principal.ts'

/** ms after a sign-in in which the account can get a further way to sign in. */
const recent = 15 * 60_000

/**
 * Refuses a session that began some time ago. A further way to sign in outlives every session, so whoever finds a browser
 * that somebody left signed in must not be able to add one.
 * @throws {AccountError} `sign-in-again`
 */
export function requireRecent({ session }: Owner, now: number): void {
  if (now - session.begunAt.getTime() <= recent) return
  throw new AccountError(
    'sign-in-again',
    'Only a session that began in the last 15 minutes adds a way to sign in. Sign out and in again, then repeat this.',
  )
}
