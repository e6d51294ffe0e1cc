import { GraphQLError } from 'graphql'

/** Why a request was refused; stable, in `extensions.code` of the answer. */
export type ApiErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'QUERY_TOO_COMPLEX'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNAVAILABLE'

const statuses: Readonly<Record<ApiErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  QUERY_TOO_COMPLEX: 400,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNAVAILABLE: 503,
}

/** An engine that crashed is back within a second or two; a full queue is shorter. */
const retryAfterSeconds = '5'

/** A refusal that the caller is told: its message is written for them, its `code` decides the HTTP status. */
export class ApiError extends GraphQLError {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode

  constructor(code: ApiErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, {
      extensions: {
        code,
        http: {
          status: statuses[code],
          // Otherwise `Accept: application/json` would turn the status into 200.
          spec: false,
          // RFC 9110 section 11.6.1: a 401 names the scheme it wants.
          ...(code === 'UNAUTHENTICATED' && { headers: { 'WWW-Authenticate': 'Bearer' } }),
          ...(code === 'UNAVAILABLE' && { headers: { 'Retry-After': retryAfterSeconds } }),
        },
      },
    })
    this.code = code
    if (options?.cause !== undefined) this.cause = options.cause
  }
}
