/** Why the collector could not do what it was asked. Stable. */
export type CollectorErrorCode =
  /** The log cannot be written now: disk full, I/O error. What was asked is not kept; ask again later. */
  | 'log-unavailable'
  /** The log holds as much as it may; ask again when the store has taken some of it. */
  | 'log-full'
  /** The operator named a file of places that is not there, or is none. */
  | 'bad-place-file'
  /** The collector is closed. */
  | 'closed'

/** Errors of the collector itself; a refused beacon is an answer, not an error. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError'
  readonly code: CollectorErrorCode

  constructor(code: CollectorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
