interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** A clock that jumps from event to event; events of the same time run in the order they were added. */
export class EventQueue {
  now = 0
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

  /** Runs until nothing is left. @throws when that takes more than `maxEvents`: something goes round in circles. */
  run(maxEvents = 2_000_000): void {
    for (let count = 0; ; count++) {
      const event = this.#pop()
      if (event === undefined) return
      if (count >= maxEvents) throw new Error(`still busy after ${maxEvents} events, at ${this.now} ms`)
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
