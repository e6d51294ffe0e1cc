import { AccountError } from '@peerpress/accounts'
import { ApiError } from './api-error.ts'

/**
 * Converts the refusals of accounts.
 * @throws {ApiError} `BAD_USER_INPUT`; `UNAVAILABLE` if a retry may help
 */
export async function refusingAccounts<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (!(cause instanceof AccountError)) throw cause
    throw new ApiError(cause.retryAfter === null ? 'BAD_USER_INPUT' : 'UNAVAILABLE', cause.message, { cause })
  }
}
