import { GraphQLError } from 'graphql'

/** The reason of a refusal. Stable: `extensions.code` of the response. */
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

/** A crashed engine restarts within a second or two, and a full queue gets shorter. */
const retryAfterSeconds = '5'

/** A refusal of a request. Its message is written for the caller, and its `code` decides the HTTP status. */
export class ApiError extends GraphQLError {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode

  constructor(code: ApiErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, {
      extensions: {
        code,
        http: {
          status: statuses[code],
          // Without it, `Accept: application/json` would turn the status into 200.
          spec: false,
          // A 401 names the authentication scheme (RFC 9110 section 11.6.1).
          ...(code === 'UNAUTHENTICATED' && { headers: { 'WWW-Authenticate': 'Bearer' } }),
          ...(code === 'UNAVAILABLE' && { headers: { 'Retry-After': retryAfterSeconds } }),
        },
      },
    })
    this.code = code
    if (options?.cause !== undefined) this.cause = options.cause
  }
}
