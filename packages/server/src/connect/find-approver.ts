import type { AccountServices, Principal } from '@peerpress/accounts'
import type { Request, Response } from 'express'
import { accountProblem } from '../entry/account-problem.ts'
import { isSecureOrigin } from '../entry/request-origin.ts'
import type { Senders } from '../entry/senders.ts'
import { cookiesIn, setCookies } from '../entry/session-cookie.ts'

/** The person who approves a connection. */
export interface Approver {
  readonly principal: Extract<Principal, { readonly kind: 'administrator' | 'account' }>
}

interface Refusal {
  readonly status: number
  readonly problem: string
}

/**
 * Returns the person who sends the form: with the operator's token, with an address and a password, which sign in, or with
 * the session of the browser.
 */
export async function findApprover(
  fields: Readonly<Partial<Record<string, string>>>,
  options: {
    readonly accounts: AccountServices
    readonly isOperatorToken: (token: string) => Promise<boolean>
    readonly senders: Senders
    readonly request: Request
    readonly response: Response
  },
): Promise<Approver | Refusal> {
  const { accounts, isOperatorToken, senders, request, response } = options
  const { principal, mutationRefusal, network } = await senders.senderOf(request)
  const token = fields['token']?.trim() ?? ''
  if (token !== '') {
    if (await isOperatorToken(token)) return { principal: { kind: 'administrator', account: null } }
    return { status: 403, problem: 'This is not the operator token of this server.' }
  }
  if (mutationRefusal !== null) return { status: 403, problem: mutationRefusal }
  if (fields['password'] !== undefined && fields['password'] !== '') {
    if (!isSecureOrigin(request)) {
      const problem =
        'Signing in over plain HTTP would show the password on the way: open this server by https.'
      return { status: 403, problem }
    }
    try {
      const begun = await accounts.signIn.signIn(fields, { network, ...cookiesIn(request) })
      setCookies(response, begun)
      const signedIn = { authorization: undefined, session: begun.token }
      return requirePerson(await accounts.credentials.principalOf(signedIn))
    } catch (error) {
      const { status, detail } = accountProblem(error)
      return { status, problem: detail }
    }
  }
  return requirePerson(principal)
}

function requirePerson(principal: Principal): Approver | Refusal {
  if (principal.kind === 'administrator' || principal.kind === 'account') return { principal }
  return { status: 403, problem: 'Sign in with your account, or give the operator token of this server.' }
}
