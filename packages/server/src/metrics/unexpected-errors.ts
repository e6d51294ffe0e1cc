/** Errors that no code expected, since the first start: counts survive the restarts that they lead to. */
export interface UnexpectedErrorCounts {
  readonly exception: number
  readonly rejection: number
}

/** Watches the process for errors that nothing handles. */
export interface UnexpectedErrors {
  readonly counts: () => UnexpectedErrorCounts
  /** How often the server was started again because of one. */
  readonly restarts: number
  /** Resolves when the first one comes. The state of the process is unknown from then on: it should drain and end. */
  readonly first: Promise<void>
}

/** Logs and counts unhandled exceptions and rejections of this process, which then no longer end it. */
export function watchUnexpectedErrors(
  earlier: UnexpectedErrorCounts & { readonly restarts: number } = {
    exception: 0,
    rejection: 0,
    restarts: 0,
  },
): UnexpectedErrors {
  const counts = { exception: earlier.exception, rejection: earlier.rejection }
  const first = Promise.withResolvers<void>()
  const note = (kind: keyof UnexpectedErrorCounts) => (error: unknown) => {
    counts[kind]++
    console.error(`unexpected ${kind}; the server drains and starts again:`, error)
    first.resolve()
  }
  // Where the log cannot be written (a full disk, a reader of the pipe that is gone), the server goes on without: an error
  // of the stream would come here, be logged, and fail again.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', note('exception'))
  process.on('unhandledRejection', note('rejection'))
  return { counts: () => ({ ...counts }), restarts: earlier.restarts, first: first.promise }
}
