/** The memory that request bodies in flight may hold together. */
export interface BodyLimits {
  /** bytes, of all networks together. @default 64 MiB */
  readonly total?: number
  /** bytes of one client network, so that it cannot use up the budget of all others. @default 16 MiB */
  readonly perNetwork?: number
}

/** Counts the memory of request bodies in flight, so that slow senders cannot fill the process. */
export class BodyBudget {
  readonly #total: number
  readonly #perNetwork: number
  readonly #held = new Map<string, number>()
  #sum = 0

  constructor({ total = 64 * 1024 ** 2, perNetwork = 16 * 1024 ** 2 }: BodyLimits = {}) {
    this.#total = total
    this.#perNetwork = perNetwork
  }

  /** Returns the bytes that are held now. */
  get held(): number {
    return this.#sum
  }

  /** Takes `bytes` for a body of the network. Returns false and takes nothing if the budget has no room. */
  take(network: string, bytes: number): boolean {
    const held = (this.#held.get(network) ?? 0) + bytes
    if (held > this.#perNetwork || this.#sum + bytes > this.#total) return false
    this.#held.set(network, held)
    this.#sum += bytes
    return true
  }

  /** Returns `bytes` to the budget. */
  release(network: string, bytes: number): void {
    if (bytes === 0) return
    const held = (this.#held.get(network) ?? 0) - bytes
    if (held > 0) this.#held.set(network, held)
    else this.#held.delete(network)
    this.#sum -= bytes
  }
}
