import type { Account, Registry, SignInProof } from '@peerpress/registry'
import * as v from 'valibot'
import { AccountError } from '../account-error.ts'
import { emailSchema, newPasswordSchema, passwordSchema, readInput } from '../account-input.ts'
import { hashPassword, verifyPassword } from '../password/password.ts'
import { PasswordQueue } from '../password/password-queue.ts'
import { drawSecretToken, hashOf } from '../secret-token.ts'
import type { AttemptGuard } from './attempt-guard.ts'
import type { KnownBrowsers } from './known-browsers.ts'

/** The client of a sign-in. */
export interface SignInClient {
  /** Its network prefix. */
  readonly network: string
  /** The session token that the browser has already. It ends with the sign-in. */
  readonly session: string | null
  /** What the browser got with an earlier sign-in, to be known again. */
  readonly browser: string | null
}

/** An account, and what proved that the client may sign in to it. */
export interface ProvenAccount {
  readonly account: Account
  readonly proof: SignInProof
}

/** An account whose password the client gave. */
interface PasswordAccount extends ProvenAccount {
  readonly proof: Extract<SignInProof, { readonly way: 'password' }>
}

/** A session that has begun. */
export interface BegunSession {
  readonly account: Account
  /** For the cookie. It is stored as a hash. */
  readonly token: string
  /** For the cookie by which the browser is known again. */
  readonly browser: string
}

/** Passwords and sessions. */
export interface SignIn {
  /** @throws {AccountError} `bad-input`, `wrong-credentials`, `throttled`, `busy`. */
  signIn(credentials: unknown, client: SignInClient): Promise<BegunSession>
  /**
   * Begins a session of an account that has proved itself otherwise.
   * @throws {AccountError} `wrong-credentials` if the proof no longer holds.
   */
  begin(proven: ProvenAccount, client: SignInClient): Promise<BegunSession>
  /** Ends a session. An unknown one is ended already. */
  signOut(session: string | null): Promise<void>
  /**
   * Checks the password of an address. Returns null if no open account has the address and the password.
   * @throws {AccountError} `throttled`, `busy`.
   */
  check(email: string, password: string, client: Omit<SignInClient, 'session'>): Promise<Account | null>
  /**
   * Changes the password of an account and ends its sessions.
   * @throws {AccountError} `bad-input`, `wrong-credentials`, `throttled`, `busy`.
   */
  changePassword(
    account: Account,
    passwords: { readonly current: string; readonly next: string },
  ): Promise<void>
  /** Hashes a new password. @throws {AccountError} `busy`. */
  hash(password: string): Promise<string>
}

const credentialsSchema = v.object({ email: emailSchema, password: passwordSchema })

export function createSignIn(
  { accounts, sessions }: Pick<Registry, 'accounts' | 'sessions'>,
  { guard, browsers }: { readonly guard: AttemptGuard; readonly browsers: KnownBrowsers },
): SignIn {
  const queue = new PasswordQueue()
  // An unknown address takes as long as a known one.
  let decoy: Promise<string> | undefined

  const check = async (email: string, password: string): Promise<PasswordAccount> => {
    const found = await accounts.byEmail(email)
    const phc = found?.password ?? (await (decoy ??= hashPassword('no account has this password')))
    const { isRight, isOutdated } = await queue.run(() => verifyPassword(password, phc))
    if (found === null || !isRight) {
      throw new AccountError('wrong-credentials', 'No account has this e-mail address and password.')
    }
    const { account } = found
    if (!isOutdated) return { account, proof: { way: 'password', password: phc } }
    const next = await queue.run(() => hashPassword(password))
    const isReplaced = await accounts.rehash(account.id, { former: phc, next })
    return { account, proof: { way: 'password', password: isReplaced ? next : phc } }
  }

  const guarded = async (email: string, password: string, client: Omit<SignInClient, 'session'>) => {
    const browser = await browsers.nameOf(client.browser, email)
    return guard.run({ email, network: client.network, browser }, () => check(email, password))
  }

  const begin: SignIn['begin'] = async ({ account, proof }, client) => {
    const { text, hash } = drawSecretToken()
    const { network } = client
    const session = { hash, account: account.id, replaced: hashOf(client.session), network, proof }
    if (!(await sessions.begin(session))) throw changedMeanwhile()
    return { account, token: text, browser: await browsers.tokenFor(client.browser, account.email ?? '') }
  }

  return {
    begin,
    signIn: async (credentials, client) => {
      const { email, password } = readInput(credentialsSchema, credentials)
      return begin(await guarded(email, password, client), client)
    },
    signOut: async (session) => {
      const hash = hashOf(session)
      if (hash !== null) await sessions.end(hash)
    },
    check: async (email, password, client) => {
      try {
        return (await guarded(email, password, client)).account
      } catch (error) {
        if (error instanceof AccountError && error.code === 'wrong-credentials') return null
        throw error
      }
    },
    changePassword: async (account, passwords) => {
      const current = readInput(passwordSchema, passwords.current)
      const next = readInput(newPasswordSchema, passwords.next)
      const { proof } = await guard.run({ account: account.id }, () => check(account.email ?? '', current))
      const forms = { former: proof.password, next: await queue.run(() => hashPassword(next)) }
      if (!(await accounts.changePassword(account.id, forms, account.id))) throw changedMeanwhile()
    },
    hash: (password) => queue.run(() => hashPassword(password)),
  }
}

function changedMeanwhile(): AccountError {
  return new AccountError(
    'wrong-credentials',
    'How this account signs in was changed in the meantime. Sign in again.',
  )
}
