import { AccountError, type AccountErrorCode } from '@peerpress/accounts'
import type { Problem } from './problem.ts'

const statuses: Readonly<Record<AccountErrorCode, number>> = {
  'bad-input': 400,
  'wrong-credentials': 403,
  throttled: 429,
  busy: 503,
  'bad-link': 403,
  'last-administrator': 409,
  'bad-challenge': 403,
  'bad-passkey': 403,
  'wrong-host': 400,
  'no-provider': 404,
  'provider-failed': 503,
  'provider-refused': 403,
  'unverified-email': 403,
  'not-invited': 403,
  'other-account': 409,
  'no-mail': 409,
  'mail-failed': 503,
  'sign-in-again': 403,
  'not-signed-in': 401,
}

/** Returns the problem of a refusal. @throws any other error */
export function accountProblem(error: unknown): Problem {
  if (!(error instanceof AccountError)) throw error
  const { code, message, retryAfter } = error
  return { status: statuses[code], code, detail: message, ...(retryAfter !== null && { retryAfter }) }
}
