/** ms of one step: what is due within one is done in no particular order. */
const step = 10
const steps = 4096

/** What is to be done for one peer; what `b` and `c` mean depends on `kind`. */
export interface Due {
  at: number
  kind: number
  a: number
  b: number
  c: number
}

/**
 * A queue of millions of small events without an object for any of them: a ring of steps, each a list of slots in
 * typed arrays. Times are exact, ms; only the order within a step is lost.
 */
export class TimeWheel {
  /** Events that were done. */
  count = 0
  readonly #heads = new Int32Array(steps).fill(-1)
  #next = new Int32Array(1024)
  #at = new Float64Array(1024)
  #fields = new Int32Array(4 * 1024)
  #used = 0
  #free = -1
  #step = 0
  /** Slots of a later round that the turn under way has come upon. */
  #later = -1
  readonly #due: Due = { at: 0, kind: 0, a: 0, b: 0, c: 0 }

  /** The end of the step under way, ms. */
  get end(): number {
    return (this.#step + 1) * step
  }

  add(
    at: number,
    kind: number,
    subject: { readonly a: number; readonly b?: number; readonly c?: number },
  ): void {
    const slot = this.#take()
    this.#at[slot] = at
    this.#fields[4 * slot] = kind
    this.#fields[4 * slot + 1] = subject.a
    this.#fields[4 * slot + 2] = subject.b ?? 0
    this.#fields[4 * slot + 3] = subject.c ?? 0
    this.#put(slot)
  }

  /** Does all that is due in the step under way, what that adds to it included, and goes on to the next. */
  turn(run: (due: Due) => void): void {
    const place = this.#step % steps
    for (;;) {
      const slot = this.#heads[place] as number
      if (slot < 0) break
      this.#heads[place] = this.#next[slot] as number
      if ((this.#at[slot] as number) >= this.end) {
        this.#next[slot] = this.#later
        this.#later = slot
        continue
      }
      const due = this.#due
      due.at = this.#at[slot] as number
      due.kind = this.#fields[4 * slot] as number
      due.a = this.#fields[4 * slot + 1] as number
      due.b = this.#fields[4 * slot + 2] as number
      due.c = this.#fields[4 * slot + 3] as number
      this.#next[slot] = this.#free
      this.#free = slot
      this.count++
      run(due)
    }
    this.#step++
    while (this.#later >= 0) {
      const slot = this.#later
      this.#later = this.#next[slot] as number
      this.#put(slot)
    }
  }

  #put(slot: number): void {
    const wanted = Math.max(this.#step, Math.floor((this.#at[slot] as number) / step))
    const place = Math.min(wanted, this.#step + steps - 1) % steps
    this.#next[slot] = this.#heads[place] as number
    this.#heads[place] = slot
  }

  #take(): number {
    const free = this.#free
    if (free >= 0) {
      this.#free = this.#next[free] as number
      return free
    }
    if (this.#used === this.#at.length) {
      this.#next = grown(this.#next, new Int32Array(2 * this.#next.length))
      this.#at = grown(this.#at, new Float64Array(2 * this.#at.length))
      this.#fields = grown(this.#fields, new Int32Array(2 * this.#fields.length))
    }
    return this.#used++
  }
}

function grown<Numbers extends Int32Array | Float64Array>(old: Numbers, larger: Numbers): Numbers {
  larger.set(old)
  return larger
}
