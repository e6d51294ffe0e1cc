/** Returns the result of `work`, or `otherwise` if it throws. The page must never see an error of the SDK. */
export function attempt<T>(work: () => T): T | undefined
export function attempt<T>(work: () => T, otherwise: T): T
export function attempt<T>(work: () => T, otherwise?: T): T | undefined {
  try {
    return work()
  } catch {
    return otherwise
  }
}
