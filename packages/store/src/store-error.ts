/** Why the store could not do it. Stable: callers decide by it whether to try again. */
export type StoreErrorCode =
  /** Another process has the directory open. */
  | 'directory-locked'
  /** The directory cannot be written, or something else is in the place of a file. */
  | 'unusable-directory'
  /** Files of the directory are damaged. */
  | 'damaged'
  /** The engine could not be started, or the server could not be reached. Try again later. */
  | 'unavailable'
  /** The engine's process died under this call; it is being restarted. Inserts may be repeated with their token. */
  | 'engine-crashed'
  /** Took longer, or needed more memory, than the limits allow. */
  | 'too-expensive'
  /** Too many calls wait already. Try again in a moment. */
  | 'busy'
  /** The caller's signal was aborted before there was an answer. */
  | 'aborted'
  /** The engine can't read the rows; the same rows will be refused again. */
  | 'bad-rows'
  /** The query makes no sense: an empty range, too many points, an unknown dimension. */
  | 'bad-query'
  /** The database was migrated by a newer version, or a migration that has run was changed since. */
  | 'migration-mismatch'
  /** Only an embedded engine can do it. */
  | 'not-embedded'
  /** The store was closed. */
  | 'closed'
  /** Anything else the engine refused; the message is the engine's. */
  | 'query-failed'

/** What every call of the store rejects with. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
