import { CommunityError } from '@peerpress/community'
import { ApiError } from './api-error.ts'

/**
 * Converts the refusals of the community.
 * @throws {ApiError} `BAD_USER_INPUT`; `FORBIDDEN` for a banned member site
 */
export async function refusingCommunity<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (!(cause instanceof CommunityError)) throw cause
    throw new ApiError(cause.code === 'banned' ? 'FORBIDDEN' : 'BAD_USER_INPUT', cause.message, { cause })
  }
}
