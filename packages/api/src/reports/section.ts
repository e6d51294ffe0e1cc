import type { Reports } from '@peerpress/store'
import { GraphQLError } from 'graphql'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { queryStore } from './query-store.ts'

/** Why a section of a report is null: `extensions.code` of its entry in `errors`. */
export type SectionErrorCode = 'TOO_EXPENSIVE' | 'TIMED_OUT' | 'UNAVAILABLE'

/** The failure of one section of a report. The other sections are answered, so it has no HTTP status. */
class SectionError extends GraphQLError {
  override readonly name = 'SectionError'

  constructor(code: SectionErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, { extensions: { code } })
    if (options?.cause !== undefined) this.cause = options.cause
  }
}

/**
 * Queries the store for a section of a report, which is a nullable field: if the section takes too long, needs too much, or
 * the store cannot answer, only this section is null.
 * @throws {SectionError} then
 * @throws {ApiError} `BAD_USER_INPUT`, which refuses the request: its author can correct it
 */
export async function section<Answer>(
  context: RequestContext,
  query: (reports: Reports, signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const { run } = context
  const { reports, signal, isLate, seconds } = run.beginSection()
  try {
    return await queryStore(context, () => query(reports, signal))
  } catch (error) {
    // The whole request was refused, or its time is over.
    if (run.refusal !== null) throw error
    if (isLate()) {
      throw new SectionError('TIMED_OUT', `This part took more than ${seconds} s; take a shorter range.`, {
        cause: error,
      })
    }
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'QUERY_TOO_COMPLEX') {
      throw new SectionError('TOO_EXPENSIVE', `${error.message} A filter helps, too.`, { cause: error })
    }
    if (error.code === 'UNAVAILABLE') throw new SectionError('UNAVAILABLE', error.message, { cause: error })
    throw error
  }
}

/**
 * The same for a part that is no report of the store, and which nothing cancels: it may go on after the section is over.
 * @throws {SectionError} as {@link section}
 */
export function otherSection<Answer>(context: RequestContext, load: () => Promise<Answer>): Promise<Answer> {
  return section(context, (_reports, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const end = () => reject(signal.reason)
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
    load().then(resolve, reject)
    return promise
  })
}
