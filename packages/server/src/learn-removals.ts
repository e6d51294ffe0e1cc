import type { Store } from '@peerpress/store'

/** ms */
const learnEvery = 600_000

/**
 * Has this server learn, again and again, what other servers of the store removed: each server keeps removed rows out of its
 * own writes. A failed attempt is repeated the next time.
 * @returns ends it
 */
export function learnRemovals(
  store: Pick<Store, 'learnRemovals'>,
  report: (problem: string, error: unknown) => void,
): () => void {
  const timer = setInterval(() => {
    store.learnRemovals().catch((error: unknown) => report('removals were not learned:', error))
  }, learnEvery)
  timer.unref()
  return () => clearInterval(timer)
}
