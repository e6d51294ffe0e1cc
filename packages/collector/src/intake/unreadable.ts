/** Errors of reading that are due to this process or machine at the moment, not to the file. */
const passing: ReadonlySet<string> = new Set([
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

/** Whether reading a file again later may succeed; false when the file, or what lies in its place, is at fault. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && passing.has(String(error.code))
}
