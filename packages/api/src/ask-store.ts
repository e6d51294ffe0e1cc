import { StoreError } from '@peerpress/store'
import { ApiError } from './api-error.ts'
import type { RequestContext } from './context.ts'

/**
 * Puts one question to the store, at the expense of the request's budget.
 * @throws {ApiError} `BAD_USER_INPUT` for a question that makes no sense, `QUERY_TOO_COMPLEX` over the budget or past the store's limits, `UNAVAILABLE` while the store
 * can't answer.
 */
export async function askStore<Answer>(
  { store, budget }: RequestContext,
  ask: (store: RequestContext['store']) => Promise<Answer>,
): Promise<Answer> {
  budget.spend('question')
  try {
    return await ask(store)
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    switch (cause.code) {
      case 'too-expensive':
        throw new ApiError(
          'QUERY_TOO_COMPLEX',
          'The report takes too long to compute; take a shorter range.',
          { cause },
        )
      case 'bad-question':
        throw new ApiError('BAD_USER_INPUT', `The report makes no sense: ${cause.message}.`, { cause })
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
