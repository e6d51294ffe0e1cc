/** Why a directory could not be locked. Stable: the store's errors have the same codes. */
export type DirectoryLockErrorCode =
  /** Another process, or another owner in this one, has the lock. */
  | 'directory-locked'
  /** The directory cannot be written, or something else is in the place of the lock's file. */
  | 'unusable-directory'

/** A directory could not be locked. */
export class DirectoryLockError extends Error {
  override readonly name = 'DirectoryLockError'
  readonly code: DirectoryLockErrorCode

  constructor(code: DirectoryLockErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
