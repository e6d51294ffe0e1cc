/** Error codes of temporary conditions of this process or machine, for which the file is not to blame. */
const temporary: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'ENOBUFS',
  'EAGAIN',
  'EINTR',
  'EBUSY',
  'ETIMEDOUT',
  'ESTALE',
])

/** Whether reading a file may succeed later; false if the file itself, or a folder in its place, is the reason. */
export function isTemporary(error: unknown): boolean {
  return error instanceof Error && 'code' in error && temporary.has(String(error.code))
}
