/** Resolves when this page holds the lock, which it does until the signal aborts. Rejects if the signal aborts first. */
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

/** Resolves when the lock is free: its page released it, was closed or crashed. Rejects if the signal aborts first. */
export function whenFree(name: string, signal: AbortSignal): Promise<void> {
  return navigator.locks.request(name, { signal }, () => {})
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}
