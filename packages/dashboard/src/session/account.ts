import { basePath } from '../navigation/base-path.ts'
import { readOperatorToken } from './operator-token.ts'
import { sessionMessages } from '../messages/session-messages.ts'

const texts = sessionMessages.account

/** The principal of this browser's requests. */
export interface Principal {
  readonly kind: 'administrator' | 'account' | 'token' | 'reader'
  readonly name: string | null
  readonly email: string | null
}

export interface Account {
  /** null: nobody is signed in. */
  readonly principal: Principal | null
  /** Nobody has an account yet: the first one is made with the link that the server printed. */
  readonly firstStart: boolean
  /** The name of the identity provider that people sign in by; null: there is none. */
  readonly provider: string | null
}

/** The error of a request for an account. The message is for people. */
export class AccountError extends Error {
  override readonly name = 'AccountError'
}

/** @throws {AccountError} */
export async function readAccount(signal: AbortSignal): Promise<Account> {
  const token = readOperatorToken()
  const response = await send('account', {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    signal,
  })
  const {
    principal = null,
    firstStart = false,
    provider = null,
  } = (await response.json()) as Partial<Account>
  return { principal, firstStart, provider }
}

/** Signs in. @throws {AccountError} */
export async function signIn(input: { readonly email: string; readonly password: string }): Promise<void> {
  await post('account/sign-in', input)
}

/** Ends the session of this browser. @throws {AccountError} */
export async function signOut(): Promise<void> {
  await post('account/sign-out', {})
}

/**
 * Uses a link of one use up and signs in.
 * @throws {AccountError}
 */
export async function acceptLink(input: {
  readonly token: string
  readonly email: string
  /** Needed for a new account. */
  readonly name?: string
  /** Not needed for the account that this browser is signed in to. */
  readonly password?: string
}): Promise<void> {
  await post('account/first', input)
}

/** Posts JSON. Returns the answer. @throws {AccountError} */
export async function post(path: string, input: object): Promise<Response> {
  return send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
}

async function send(path: string, request: RequestInit): Promise<Response> {
  const response = await fetch(basePath + path, request).catch((cause: unknown) => {
    throw new AccountError(texts.serverDidNotAnswer, {
      cause,
    })
  })
  if (!response.ok) throw new AccountError(await problemOf(response))
  return response
}

/** Returns what problem details (RFC 9457) say. */
async function problemOf(response: Response): Promise<string> {
  const { detail } = await response.json().then(
    (problem: unknown) => problem as { readonly detail?: unknown },
    () => ({ detail: undefined }),
  )
  return typeof detail === 'string' ? detail : texts.serverRefusedRequest(response.status)
}
