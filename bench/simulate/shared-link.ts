import type { EventQueue } from '@peerpress/swarm/simulation'

interface Transfer {
  /** What an equal share will have carried when this one is through, bytes. */
  readonly finish: number
  readonly done: () => void
}

/**
 * A link that everything under way shares equally, as TCP connections of one path roughly do; a single transfer gets
 * at most `cap` bytes/ms. Fluid: there are no packets.
 */
export class SharedLink {
  readonly #queue: EventQueue
  readonly #rate: number
  readonly #cap: number
  /** By `finish`, the next to be through last. */
  readonly #transfers: Transfer[] = []
  /** Bytes that an equal share has carried so far. */
  #share = 0
  #since = 0
  #wakeUp = 0

  constructor(queue: EventQueue, rate: number, cap = Infinity) {
    this.#queue = queue
    this.#rate = rate
    this.#cap = cap
  }

  /** Transfers under way. */
  get busy(): number {
    return this.#transfers.length
  }

  send(bytes: number, done: () => void): void {
    this.#advance()
    const finish = this.#share + bytes
    const transfers = this.#transfers
    let slot = transfers.length
    transfers.push({ finish, done })
    for (; slot > 0; slot--) {
      const sooner = transfers[slot - 1]
      if (sooner === undefined || sooner.finish > finish) break
      transfers[slot] = sooner
    }
    transfers[slot] = { finish, done }
    this.#plan()
  }

  get #speed(): number {
    return Math.min(this.#cap, this.#rate / this.#transfers.length)
  }

  #advance(): void {
    const { now } = this.#queue
    if (this.#transfers.length > 0) this.#share += (now - this.#since) * this.#speed
    this.#since = now
  }

  #plan(): void {
    const next = this.#transfers.at(-1)
    const wakeUp = ++this.#wakeUp
    if (next === undefined) return
    this.#queue.after((next.finish - this.#share) / this.#speed, () => {
      if (wakeUp === this.#wakeUp) this.#finish()
    })
  }

  #finish(): void {
    this.#advance()
    const through = this.#transfers.pop()
    // Rounding must not leave a crumb that takes no time.
    if (through !== undefined) this.#share = Math.max(this.#share, through.finish)
    this.#plan()
    through?.done()
  }
}
