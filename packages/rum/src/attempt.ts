/** What `work` returns, or `otherwise` when it throws. A page's own code must never see a failure of ours. */
export function attempt<T>(work: () => T): T | undefined
export function attempt<T>(work: () => T, otherwise: T): T
export function attempt<T>(work: () => T, otherwise?: T): T | undefined {
  try {
    return work()
  } catch {
    return otherwise
  }
}
