/** Why a server could not start or go on. */
export type ServerErrorCode =
  | 'bad-config'
  | 'address-in-use'
  | 'missing-bundle'
  /** A role that a request needs does not run at the moment. */
  | 'role-unavailable'
  /** The data folder, or one in it, cannot be written. */
  | 'unusable-folder'
  /** The records or the measurements are missing beside the others. */
  | 'missing-part'
  /** Records and measurements are of different installations. */
  | 'mixed-data'
  /** The store does not take what was measured, so that no backup can have it. */
  | 'log-not-drained'
  /** The bytes of an asset are not those that a manifest names. */
  | 'damaged-asset'
  /** There is nothing to back up in the data folder. */
  | 'no-installation'
  /** A file of a backup is missing or is not what it was. */
  | 'bad-backup'
  /** A backup of a later release. */
  | 'newer-backup'
  /** A restore needs an empty folder. */
  | 'not-empty'
  /** A backup would be in the data folder, or the data folder in a backup. */
  | 'overlapping-folders'
  /** A restore into the data folder did not end. */
  | 'incomplete-restore'

/** The server's own errors; those of its roles keep their class. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ServerErrorCode

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
