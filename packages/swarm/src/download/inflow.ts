/** ms after which a received byte counts 1/e of what it counted at first. */
const decayMs = 2000

/**
 * Peers fill a reader's link if they send so many times what the origin gave last. With 2, simulated readers left the
 * origin idle for a quarter of the time and took 4 % longer; with 6 they took 3 % longer.
 */
const enough = 3

/** How fast chunks arrive: from peers as a moving average, from the origin by its last chunk. */
export class Inflow {
  /** Time of the last request to the origin, while none other was in flight, or of a later chunk of its answer. */
  originSince = Infinity
  /** Bytes from peers at `#since`, each weighted by its age. */
  #fromPeers = 0
  #since = 0
  /** ms that the origin's last chunk took, for each of its bytes; 0 before the first chunk, -Infinity if no request was noted. */
  #originDelay = 0

  /** Records bytes of a chunk from a peer. */
  addFromPeer(bytes: number, now: number): void {
    this.#fromPeers = bytes + this.#decayed(now)
    this.#since = now
  }

  /** Records a chunk from the origin. */
  addFromOrigin(bytes: number, now: number): void {
    this.#originDelay = (now - this.originSince) / bytes
    this.originSince = now
  }

  /**
   * Returns whether peers send more than three times what the origin gave last, including its time until the first
   * byte. In a crowd the origin has little for each reader, so a request less is more useful to others. On a quiet site
   * the origin is fast, so slow peers never keep a reader from it.
   */
  isFilledByPeers(now: number): boolean {
    return this.#decayed(now) * this.#originDelay > enough * decayMs
  }

  #decayed(now: number): number {
    return this.#fromPeers * Math.exp((this.#since - now) / decayMs)
  }
}
