/** Why the collector failed. Stable. */
export type CollectorErrorCode =
  /** The log cannot be written: disk full or I/O error. Nothing was stored; try again later. */
  | 'log-unavailable'
  /** The log has reached its maximum size; try again when the store has received some of it. */
  | 'log-full'
  /** A file of places that the operator configured is missing or has another format. */
  | 'bad-place-file'
  /** The collector is closed. */
  | 'closed'

/** An error of the collector itself. A refused beacon is a result, not an error. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError'
  readonly code: CollectorErrorCode

  constructor(code: CollectorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
