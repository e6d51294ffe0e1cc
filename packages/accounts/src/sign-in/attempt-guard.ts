import { createHmac } from 'node:crypto'
import type { AttemptLimit, Registry } from '@peerpress/registry'
import { AccountError } from '../account-error.ts'

/**
 * Failed attempts. A client that is not known counts for its network with all accounts, for its network with the account, and
 * for the account with all networks. So one network does not lock an account for another one, and a botnet does not guess
 * without end (at most 100 failures in a row: NIST SP 800-63B-4, 3.2.2). A browser in which the account signed in before
 * counts for itself alone, so nobody locks it out.
 */
const limits = {
  /** Challenges that a network draws: each is a record until it is answered. */
  challenges: { burst: 60, interval: 5_000 },
  network: { burst: 30, interval: 10_000 },
  pair: { burst: 10, interval: 60_000 },
  account: { burst: 100, interval: 60_000 },
  browser: { burst: 10, interval: 60_000 },
  session: { burst: 10, interval: 60_000 },
} as const

type LimitKind = keyof typeof limits

export type Attempt =
  /** A password. The address is in lower case; it may be one that no account has, so that both are answered alike. */
  | {
      readonly email: string
      /** The network prefix of the client. */
      readonly network: string
      /** The name of the browser if the account signed in there before. */
      readonly browser: string | null
    }
  /** A link, which nobody can guess: wrong passwords for its account do not hinder it. */
  | { readonly network: string }
  /** The password of the account that is signed in. */
  | { readonly account: string }

/** Limits attempts to guess passwords and links. */
export interface AttemptGuard {
  /**
   * Runs an attempt. It counts unless it resolves.
   * @throws {AccountError} `throttled` before the attempt, or the error of the attempt
   */
  run<T>(attempt: Attempt, work: () => Promise<T>): Promise<T>
  /** Counts a challenge of a network. @throws {AccountError} `throttled` */
  countChallenge(network: string): Promise<void>
}

/** @param key 32 random bytes: the stored keys of accounts and networks cannot be traced back without them */
export function createAttemptGuard(
  { attemptLimits }: Pick<Registry, 'attemptLimits'>,
  key: () => Promise<Uint8Array>,
): AttemptGuard {
  const limitOf = (secret: Uint8Array, kind: LimitKind, name: string): AttemptLimit => ({
    key: createHmac('sha256', secret).update(`${kind} ${name}`).digest(),
    ...limits[kind],
  })
  return {
    countChallenge: async (network) => {
      const wait = await attemptLimits.take(limitOf(await key(), 'challenges', network))
      if (wait > 0) throw throttled(wait)
    },
    run: async (attempt, work) => {
      const secret = await key()
      const taken: AttemptLimit[] = []
      const giveBack = async () => {
        for (const limit of taken) await attemptLimits.giveBack(limit)
      }
      for (const [kind, name] of limitsOf(attempt)) {
        const limit = limitOf(secret, kind, name)
        const wait = await attemptLimits.take(limit)
        if (wait > 0) {
          await giveBack()
          throw throttled(wait)
        }
        taken.push(limit)
      }
      try {
        const result = await work()
        await giveBack()
        return result
      } catch (error) {
        if (error instanceof AccountError && error.code === 'busy') await giveBack()
        throw error
      }
    },
  }
}

function limitsOf(attempt: Attempt): readonly (readonly [LimitKind, string])[] {
  if ('account' in attempt) return [['session', attempt.account]]
  const { network } = attempt
  if (!('email' in attempt)) return [['network', network]]
  const { email, browser } = attempt
  if (browser !== null) return [['browser', `${browser} ${email}`]]
  // The network first: a spraying network adds no keys of accounts once it is throttled.
  return [
    ['network', network],
    ['pair', `${network} ${email}`],
    ['account', email],
  ]
}

function throttled(ms: number): AccountError {
  const retryAfter = Math.ceil(ms / 1000)
  return new AccountError(
    'throttled',
    `Too many attempts failed for this account or from this network. Try again in ${retryAfter} s, or in a browser in which you signed in before.`,
    { retryAfter },
  )
}
