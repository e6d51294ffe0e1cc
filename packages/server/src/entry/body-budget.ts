/** What bodies that are being received may hold together. */
export interface BodyLimits {
  /** bytes, of all networks together. @default 64 MiB */
  readonly total?: number
  /** bytes, of one client network; one network can not keep all others out. @default 16 MiB */
  readonly perNetwork?: number
}

/** Counts the memory of the request bodies that are in flight, so that slow senders can not fill the process. */
export class BodyBudget {
  readonly #total: number
  readonly #perNetwork: number
  readonly #held = new Map<string, number>()
  #sum = 0

  constructor({ total = 64 * 1024 ** 2, perNetwork = 16 * 1024 ** 2 }: BodyLimits = {}) {
    this.#total = total
    this.#perNetwork = perNetwork
  }

  /** bytes that are held now. */
  get held(): number {
    return this.#sum
  }

  /** Takes `bytes` for a body of the network; false, and nothing taken, when the budget has no room for them. */
  take(network: string, bytes: number): boolean {
    const held = (this.#held.get(network) ?? 0) + bytes
    if (held > this.#perNetwork || this.#sum + bytes > this.#total) return false
    this.#held.set(network, held)
    this.#sum += bytes
    return true
  }

  /** Gives back what was taken. */
  release(network: string, bytes: number): void {
    if (bytes === 0) return
    const held = (this.#held.get(network) ?? 0) - bytes
    if (held > 0) this.#held.set(network, held)
    else this.#held.delete(network)
    this.#sum -= bytes
  }
}
