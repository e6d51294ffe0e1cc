import { GraphQLError } from 'graphql'

/** The reason of a refusal. Stable: `extensions.code` of the response. */
export type ApiErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'QUERY_TOO_COMPLEX'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'NOT_ACCEPTABLE'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | 'PERSISTED_DOCUMENT_NOT_FOUND'
  | 'PERSISTED_DOCUMENT_REQUIRED'

const statuses: Readonly<Record<ApiErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  QUERY_TOO_COMPLEX: 400,
  UNSUPPORTED_MEDIA_TYPE: 415,
  NOT_ACCEPTABLE: 406,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  PERSISTED_DOCUMENT_NOT_FOUND: 404,
  PERSISTED_DOCUMENT_REQUIRED: 403,
}

/** A crashed engine restarts within a second or two, and a full queue gets shorter. */
const retryAfterSeconds = '5'

/** A refusal of a request. Its message is written for the caller, and its `code` decides the HTTP status. */
export class ApiError extends GraphQLError {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  /** Seconds after which a retry may succeed; null if none is known. */
  readonly retryAfter: number | null

  constructor(
    code: ApiErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly retryAfter?: number },
  ) {
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
          ...(options?.retryAfter !== undefined && {
            headers: { 'Retry-After': String(options.retryAfter) },
          }),
        },
      },
    })
    this.code = code
    this.retryAfter = options?.retryAfter ?? null
    if (options?.cause !== undefined) this.cause = options.cause
  }
}
