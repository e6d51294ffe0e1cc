import type { Beacon } from '@peerpress/wire'
import { LRUCache } from 'lru-cache'

/** Views whose start is remembered; the least recent one is forgotten first. */
const maxViews = 50_000

interface Start {
  readonly sequence: number
  /** ms since the Unix epoch */
  readonly startedAt: number
}

/**
 * When views began. The earliest snapshot of a view that came in decides: while a device sleeps, the clock that older
 * SDKs count a view's age by stands still, so that later snapshots would move its start by hours.
 */
export class FirstStarts {
  readonly #starts: LRUCache<string, Start>

  constructor(most: number = maxViews) {
    this.#starts = new LRUCache({ max: most })
  }

  /**
   * The start of a snapshot's view, ms since the Unix epoch. `startedAt`: what the snapshot itself gives. A
   * copy of the earliest one keeps its own: the store counts the first received.
   */
  of({ site, view, sequence }: Pick<Beacon, 'site' | 'view' | 'sequence'>, startedAt: number): number {
    const key = `${site} ${view}`
    const known = this.#starts.get(key)
    const first = known !== undefined && known.sequence <= sequence ? known : { sequence, startedAt }
    if (first !== known) this.#starts.set(key, first)
    return first.sequence < sequence ? first.startedAt : startedAt
  }
}
