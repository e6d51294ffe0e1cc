import type { Account, Registry, Welcome } from '@peerpress/registry'
import * as v from 'valibot'
import { AccountError } from '../account-error.ts'
import { emailSchema, nameSchema, newPasswordSchema, passwordSchema, readInput } from '../account-input.ts'
import { drawSecretToken, hashOf } from '../secret-token.ts'
import type { AttemptGuard } from '../sign-in/attempt-guard.ts'
import type { SignIn, SignInClient } from '../sign-in/sign-in.ts'

/** ms that a link can be used. */
const lifetimes: Readonly<Record<Welcome['kind'], number>> = {
  first: 7 * 86_400_000,
  administrator: 7 * 86_400_000,
  member: 7 * 86_400_000,
  password: 86_400_000,
}

/** Links of one use: the path is `/welcome#TOKEN`, so that no log has the token. */
export interface Welcoming {
  /** Makes a link and returns its token. The address of the welcome must be valid. */
  issue(welcome: Welcome, actor: string): Promise<string>
  /**
   * Uses a link up. An address that has an account needs its password, unless the link gives a new one or the account is
   * `signedIn` already.
   * @throws {AccountError} `bad-input`, `bad-link`, `wrong-credentials`, `throttled`, `busy`.
   */
  accept(input: unknown, client: Omit<SignInClient, 'session'>, signedIn?: Account | null): Promise<Account>
}

const inputSchema = v.object({
  token: v.string(),
  email: emailSchema,
  name: v.optional(nameSchema),
  password: v.optional(passwordSchema),
})

export function createWelcoming(
  { accounts, welcomes }: Pick<Registry, 'accounts' | 'welcomes'>,
  {
    signIn,
    guard,
    now,
  }: { readonly signIn: SignIn; readonly guard: AttemptGuard; readonly now: () => number },
): Welcoming {
  return {
    issue: async (welcome, actor) => {
      const { text, hash } = drawSecretToken()
      await welcomes.add(welcome, { hash, expiresAt: new Date(now() + lifetimes[welcome.kind]), actor })
      return text
    },
    accept: async (input, client, signedIn = null) => {
      const { token, email, name, password } = readInput(inputSchema, input)
      const hash = hashOf(token)
      const welcome = await guard.run({ network: client.network }, async () => {
        const found = hash === null ? null : await welcomes.get(hash)
        if (found === null) throw badLink()
        if (found.kind !== 'first' && found.email !== email) {
          throw new AccountError('bad-link', 'This link is for another e-mail address.')
        }
        return found
      })
      const existing = await accounts.openByEmail(email)
      const isSignedIn = existing !== null && existing.id === signedIn?.id
      if (welcome.kind === 'password' || existing === null) {
        if (welcome.kind === 'password' && existing === null) throw badLink()
        if (existing === null && name === undefined) throw new AccountError('bad-input', 'name: give a name')
      } else if (!isSignedIn && (await signIn.check(email, password ?? '', client)) === null) {
        throw new AccountError(
          'wrong-credentials',
          'This address has an account: give its password, or sign in to it and open the link again.',
        )
      }
      const chosen = async () => {
        const { password: next } = readInput(v.object({ password: newPasswordSchema }), { password })
        return signIn.hash(next)
      }
      const account = await welcomes.use(
        hash as Uint8Array,
        existing === null
          ? { email, name: name ?? '', password: await chosen() }
          : { id: existing.id, ...(welcome.kind === 'password' && { password: await chosen() }) },
      )
      if (account === null) throw badLink()
      return account
    },
  }
}

function badLink(): AccountError {
  return new AccountError('bad-link', 'This link was used already, or it has expired. Ask for a new one.')
}
