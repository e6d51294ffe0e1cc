import type { Challenge, ChallengePurpose, Registry } from '@peerpress/registry'
import { AccountError } from '../account-error.ts'
import { drawSecretToken, hashOf } from '../secret-token.ts'
import type { AttemptGuard } from '../sign-in/attempt-guard.ts'

/** ms that a challenge can be answered. */
export const challengeLifetime = 10 * 60_000

/** Challenges of one use. The browser that got one has its token in a cookie, so no other browser can answer it. */
export interface ChallengeBox {
  /**
   * Stores a challenge and returns its token.
   * @throws {AccountError} `throttled`
   */
  draw(challenge: Challenge & { readonly purpose: ChallengePurpose }, network: string): Promise<string>
  /**
   * Uses a challenge up.
   * @throws {AccountError} `bad-challenge` if it is unknown, used, expired, or for another purpose
   */
  take(token: string | null, purpose: ChallengePurpose): Promise<Challenge>
}

export function createChallengeBox(
  { challenges }: Pick<Registry, 'challenges'>,
  { guard, now }: { readonly guard: AttemptGuard; readonly now: () => number },
): ChallengeBox {
  return {
    draw: async (challenge, network) => {
      await guard.countChallenge(network)
      const { text, hash } = drawSecretToken()
      await challenges.add(hash, { ...challenge, expiresAt: new Date(now() + challengeLifetime) })
      return text
    },
    take: async (token, purpose) => {
      const hash = hashOf(token)
      const challenge = hash === null ? null : await challenges.take(hash, purpose)
      if (challenge === null) throw badChallenge()
      return challenge
    },
  }
}

export function badChallenge(): AccountError {
  return new AccountError(
    'bad-challenge',
    'This took more than ten minutes, was done already, or began in another browser. Start again.',
  )
}
