import type { Drafts, DraftState } from '@peerpress/registry'

/** Called with a draft's new state; null if it was removed; the error if it cannot be read. */
type OnDraft = (id: string, state: DraftState | null | Error) => void

interface Watched {
  /** The last state as JSON. */
  seen: string
  readonly watchers: Set<OnDraft>
}

/**
 * Watches drafts for all streams together: one query each interval, whatever the number of streams, and none without a stream. A
 * draft may be written by any server, and a server that is killed sends no message, so the rows are read.
 */
export class DraftWatch {
  readonly #drafts: Pick<Drafts, 'states'>
  readonly #interval: number
  readonly #watched = new Map<string, Watched>()
  #timer: NodeJS.Timeout | null = null

  /** @param interval ms between two queries */
  constructor(drafts: Pick<Drafts, 'states'>, interval: number) {
    this.#drafts = drafts
    this.#interval = interval
  }

  /** Watches drafts from a state on. Returns a function that ends it for one of them. */
  watch(states: readonly DraftState[], onDraft: OnDraft): (id: string) => void {
    for (const state of states) {
      // What this watcher has seen may be older than what the others have: the next query then tells all of them.
      const watchers = this.#watched.get(state.id)?.watchers ?? new Set()
      this.#watched.set(state.id, { seen: JSON.stringify(state), watchers: watchers.add(onDraft) })
    }
    this.#readLater()
    return (id) => {
      const known = this.#watched.get(id)
      known?.watchers.delete(onDraft)
      if (known?.watchers.size === 0) this.#watched.delete(id)
    }
  }

  #readLater(): void {
    if (this.#timer !== null || this.#watched.size === 0) return
    this.#timer = setTimeout(() => {
      this.#read()
        .catch((error: unknown) => {
          console.error('the progress of drafts cannot be read:', error)
          this.#fail(error instanceof Error ? error : new Error(String(error)))
        })
        .finally(() => {
          this.#timer = null
          this.#readLater()
        })
    }, this.#interval).unref()
  }

  async #read(): Promise<void> {
    const ids = [...this.#watched.keys()]
    if (ids.length === 0) return
    const states = new Map((await this.#drafts.states(ids)).map((state) => [state.id, state]))
    for (const id of ids) {
      const known = this.#watched.get(id)
      if (known === undefined) continue
      const state = states.get(id) ?? null
      const text = JSON.stringify(state)
      if (text === known.seen) continue
      known.seen = text
      for (const onDraft of known.watchers) onDraft(id, state)
    }
  }

  #fail(error: Error): void {
    for (const [id, { watchers }] of this.#watched) for (const onDraft of watchers) onDraft(id, error)
  }
}
