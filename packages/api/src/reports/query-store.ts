import { type Reports, StoreError } from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'

/**
 * Sends one query to the store on behalf of the request.
 * @throws {ApiError} `BAD_USER_INPUT` for an invalid query, `QUERY_TOO_COMPLEX` beyond the store's limits,
 * `UNAVAILABLE` while the store can't answer. After the request was refused, it throws that refusal.
 */
export async function queryStore<Answer>(
  { run }: RequestContext,
  query: (reports: Reports) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await query(run.reports)
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    switch (cause.code) {
      case 'too-expensive':
        throw new ApiError(
          'QUERY_TOO_COMPLEX',
          'The report takes too long to compute; take a shorter range.',
          { cause },
        )
      case 'bad-query':
        throw new ApiError('BAD_USER_INPUT', `The report makes no sense: ${cause.message}.`, { cause })
      case 'busy':
        throw new ApiError('UNAVAILABLE', 'Too many reports are being computed; try again in a moment.', {
          cause,
        })
      case 'aborted':
        throw run.refusal ?? cause
      case 'unavailable':
      case 'engine-crashed':
      case 'closed':
        throw new ApiError('UNAVAILABLE', 'The reports are not available at the moment; try again later.', {
          cause,
        })
      default:
        throw cause
    }
  }
}
