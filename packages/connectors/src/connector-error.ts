/** The reason why a request of a CMS was refused, or a source could not be read. Codes are stable. */
export type ConnectorErrorCode =
  /** No site has this id. */
  | 'unknown-site'
  /** The site has no connector with this id that receives requests. */
  | 'unknown-connector'
  /** The request has no signature made with the secret. */
  | 'bad-signature'
  /** The request was signed more than five minutes ago, or that far ahead. */
  | 'stale'
  /** The request is signed, but malformed or unknown. */
  | 'bad-event'
  /** The message comes from a CMS at another address than the site's: a copy, or the site moved. */
  | 'other-home'
  /** The site's CMS has ended the connection. */
  | 'disconnected'
  /** The source responded with something other than what its connector reads. */
  | 'bad-source'
  /** A file of the site's own has the name of the service worker's file. */
  | 'name-taken'

/** A connector refused a request, or cannot read a source. */
export class ConnectorError extends Error {
  override readonly name = 'ConnectorError'
  readonly code: ConnectorErrorCode
  /** ms after which the source should be polled again at the earliest; null if it states nothing. */
  readonly retryAfter: number | null

  constructor(
    code: ConnectorErrorCode,
    message: string,
    { retryAfter = null, ...options }: ErrorOptions & { readonly retryAfter?: number | null } = {},
  ) {
    super(message, options)
    this.code = code
    this.retryAfter = retryAfter
  }
}
