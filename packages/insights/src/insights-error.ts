/** The reason of a refusal. Stable: callers map it to a status, tests match on it. */
export type InsightsErrorCode =
  /** A file is no export of Search Console, or more than one can be. */
  | 'bad-export'
  /** The two exports are not of the days that are compared. */
  | 'bad-period'
  | 'unknown-site'
  /** The operator has set no client for the consent of persons. */
  | 'no-client'
  /** A file is no key of a service account. */
  | 'bad-key'
  /** A consent is unknown, used, expired, refused, or of somebody else. */
  | 'bad-consent'
  /** The site has no connection to Search Console. */
  | 'not-connected'
  /** A property is of another site, or the account may not read it. */
  | 'bad-property'
  /** Google answers that too much was requested. */
  | 'quota'
  /** Google does not answer, or not in time. */
  | 'unreachable'
  /** Google does not accept the credential any more. */
  | 'revoked'
  /** The account may not read the property. */
  | 'forbidden'
  /** Google answers what its documentation does not have. */
  | 'unexpected'

/** The error of input that insights refuse, and of requests to Search Console. The message says what to do. */
export class InsightsError extends Error {
  override readonly name = 'InsightsError'
  readonly code: InsightsErrorCode
  /** ms after which Google wants to be asked again; null if it did not say. */
  readonly retryAfter: number | null

  constructor(
    code: InsightsErrorCode,
    message: string,
    { retryAfter = null, ...options }: ErrorOptions & { readonly retryAfter?: number | null } = {},
  ) {
    super(message, options)
    this.code = code
    this.retryAfter = retryAfter
  }
}
