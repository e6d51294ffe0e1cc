export { type DirectoryLock, lockDirectory, type LockState, lockStateOf } from './directory-lock.ts'
export { DirectoryLockError, type DirectoryLockErrorCode } from './directory-lock-error.ts'
