/** Describes an error for people: its message when it was written for them, else its stack. */
export async function describeError(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && /^[a-z-]+$/.test(String(error.code))) return error.message
  const { describeSystemError } = await import('@peerpress/server')
  return describeSystemError(error) ?? error.stack ?? error.message
}
