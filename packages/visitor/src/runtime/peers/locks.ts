/** Resolves when the lock is this page's, which keeps it until the signal. Rejects when the signal comes first. */
export function holdLock(name: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, { signal }, () => {
        resolve()
        return aborted(signal)
      })
      .catch(reject)
  })
}

/** Resolves when nobody holds the lock: its page let go, was closed or crashed. Rejects when the signal comes first. */
export function whenFree(name: string, signal: AbortSignal): Promise<void> {
  return navigator.locks.request(name, { signal }, () => {})
}

/** Resolves when the signal comes. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}
