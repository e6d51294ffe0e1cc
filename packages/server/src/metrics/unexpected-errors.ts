/** Counts of unhandled errors since the first start. They survive the restarts that the errors cause. */
export interface UnexpectedErrorCounts {
  readonly exception: number
  readonly rejection: number
}

/** The unhandled errors of the process. */
export interface UnexpectedErrors {
  readonly counts: () => UnexpectedErrorCounts
  /** How often the server was started again after such an error. */
  readonly restarts: number
  /** Resolves at the first unhandled error. From then on the state of the process is unknown: it should drain and end. */
  readonly first: Promise<void>
}

/** Logs and counts unhandled exceptions and rejections of this process, and keeps them from ending it. */
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
  // If the log cannot be written (a full disk, a closed pipe), the server goes on without it. Otherwise the stream's error
  // would be unhandled, be logged here, and fail again.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.on('uncaughtException', note('exception'))
  process.on('unhandledRejection', note('rejection'))
  return { counts: () => ({ ...counts }), restarts: earlier.restarts, first: first.promise }
}
