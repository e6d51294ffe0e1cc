interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** Conditions that end a run. Remaining events stay in the queue. */
export interface RunOptions {
  /** Time after which no event runs, ms. @default Infinity */
  readonly end?: number
  /** Called before each event. The run ends when it returns true. */
  readonly isDone?: () => boolean
  /** Number of events after which the run counts as endless. @default 2_000_000 */
  readonly maxEvents?: number
}

/**
 * A clock that jumps from event to event. Events of the same time run in the order in which they were added. Times are
 * in ms.
 */
export class EventQueue {
  now = 0
  /** Number of events that ran. */
  count = 0
  #added = 0
  /** A binary heap, earliest first. */
  readonly #heap: Event[] = []

  at(time: number, run: () => void): void {
    const event = { at: Math.max(time, this.now), order: this.#added++, run }
    const heap = this.#heap
    let slot = heap.length
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      const above = heap[parent]
      if (above === undefined || !isBefore(event, above)) break
      heap[slot] = above
      slot = parent
    }
    heap[slot] = event
  }

  after(delay: number, run: () => void): void {
    this.at(this.now + delay, run)
  }

  /**
   * Runs events until none is left, `end` is reached or `isDone` returns true.
   * @throws {Error} after `maxEvents`.
   */
  run({ end = Infinity, isDone = () => false, maxEvents = 2_000_000 }: RunOptions = {}): void {
    const most = this.count + maxEvents
    while ((this.#heap[0]?.at ?? Infinity) <= end && !isDone()) {
      const event = this.#pop()
      if (event === undefined) return
      if (this.count >= most) throw new Error(`events remain after ${maxEvents} events, at ${this.now} ms`)
      this.count++
      this.now = event.at
      event.run()
    }
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const moved = heap.pop()
    if (first === undefined || moved === undefined || heap.length === 0) return first
    let slot = 0
    for (;;) {
      let child = 2 * slot + 1
      let below = heap[child]
      const right = heap[child + 1]
      if (below !== undefined && right !== undefined && isBefore(right, below)) {
        below = right
        child++
      }
      if (below === undefined || !isBefore(below, moved)) break
      heap[slot] = below
      slot = child
    }
    heap[slot] = moved
    return first
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
