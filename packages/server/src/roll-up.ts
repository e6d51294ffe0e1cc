import type { Store } from '@peerpress/store'

/** Pause after a run that left nothing to do, and after one that did, ms. */
const pauses = { idle: 60_000, busy: 1_000 }

/**
 * Runs the store's rollups again and again, the first time a second after the start: what came in before need not wait.
 * A failed run is reported and made good by the next.
 * @returns ends it, after the statement that is under way
 */
export function keepRolledUp(store: Pick<Store, 'roll'>): () => Promise<void> {
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined
  const schedule = (ms: number) => {
    timer = setTimeout(() => {
      running = roll()
    }, ms)
  }
  const roll = async (): Promise<void> => {
    const isDone = await store.roll(stopping.signal).catch((error: unknown) => {
      console.error('a rollup failed and is tried again:', error)
      return true
    })
    if (!stopping.signal.aborted) schedule(isDone ? pauses.idle : pauses.busy)
  }
  schedule(pauses.busy)
  return async () => {
    stopping.abort()
    clearTimeout(timer)
    await running
  }
}
