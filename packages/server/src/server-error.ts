/** Why a server could not start or go on. */
export type ServerErrorCode =
  | 'bad-config'
  | 'address-in-use'
  | 'missing-bundle'
  /** The data folder, or one in it, cannot be written. */
  | 'unusable-folder'
  /** The records or the measurements are missing beside the others. */
  | 'missing-part'
  /** Records and measurements are of different installations. */
  | 'mixed-data'

/** The server's own errors; those of its roles keep their class. */
export class ServerError extends Error {
  override readonly name = 'ServerError'
  readonly code: ServerErrorCode

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
