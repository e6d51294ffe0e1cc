import { StoreError } from '../../store-error.ts'

/** Returns the error of a call whose signal was aborted. */
export function aborted(signal?: AbortSignal): StoreError {
  return new StoreError('aborted', 'the query was cancelled by its caller', { cause: signal?.reason })
}

/**
 * Settles as `answer` does, or rejects with `aborted` as soon as the signal is aborted. A later result of `answer` is
 * dropped.
 */
export async function abortable<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(aborted(signal))
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([answer, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
