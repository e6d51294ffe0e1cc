import { useState } from 'preact/hooks'

/** A change that a button makes at once: what is wrong with it, and whether it is under way. */
export interface Change {
  /** Makes a change, unless another one is under way. */
  readonly make: (change: () => Promise<void>) => void
  /** Why the last attempt failed; null if it did not. */
  readonly problem: string | null
  readonly isBusy: boolean
}

export function useChange(): Change {
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const make = (change: () => Promise<void>) => {
    if (isBusy) return
    setBusy(true)
    setProblem(null)
    change()
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => setBusy(false))
  }
  return { make, problem, isBusy }
}
