/** What a person is told of an error: a message that was written for them, or the whole stack of one that was not. */
export async function describeError(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error)
  if ('code' in error && /^[a-z-]+$/.test(String(error.code))) return error.message
  const { describeSystemError } = await import('@peerpress/server')
  return describeSystemError(error) ?? error.stack ?? error.message
}
