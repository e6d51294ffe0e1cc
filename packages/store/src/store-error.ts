/** The reason of a failure. Stable: callers decide by it whether to try again. */
export type StoreErrorCode =
  /** Another process has the directory open. */
  | 'directory-locked'
  /** The directory cannot be written, or another kind of file is in the place of a file. */
  | 'unusable-directory'
  /** Files of the directory are damaged. */
  | 'damaged'
  /** The engine could not be started, or the server could not be reached. Try again later. */
  | 'unavailable'
  /** The engine's process died under this call; it is being restarted. Inserts may be repeated with their token. */
  | 'engine-crashed'
  /** The call took longer, or needed more memory, than its limits allow. */
  | 'too-expensive'
  /** Too many calls wait already. Try again in a moment. */
  | 'busy'
  /** The caller's signal was aborted before the call ended. */
  | 'aborted'
  /** The engine can't read the rows; the same rows will be refused again. */
  | 'bad-rows'
  /** The query is invalid: an empty range, too many points, an unknown dimension. */
  | 'bad-query'
  /** A newer version migrated the database, or a step was changed after it ran. */
  | 'migration-mismatch'
  /** Only an embedded engine can do this. */
  | 'not-embedded'
  /** The store was closed. */
  | 'closed'
  /** Any other error of the engine, with the engine's message. */
  | 'query-failed'

/** The error with which every call of the store rejects. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
