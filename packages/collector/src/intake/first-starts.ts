import { randomInt } from 'node:crypto'
import type { Beacon } from '@peerpress/wire'

/** Number of slots, a power of two. A view has one slot. The next view with the same slot overwrites it. */
const defaultSlots = 65_536

/**
 * Records when views began. The earliest snapshot of a view received so far decides: while a device sleeps, the clock
 * by which older SDKs measure a view's age stands still, so later snapshots would move its start by hours.
 *
 * It has arrays of numbers, because every beacon passes here: a map of 50,000 views took a tenth of a beacon's time.
 */
export class FirstStarts {
  readonly #mask: number
  /** For each slot, two hashes of site and view, and the view's earliest snapshot. Sequence 0: the slot is empty. */
  readonly #hashes: Int32Array
  readonly #sequences: Float64Array
  readonly #startedAt: Float64Array
  readonly #seeds = [randomInt(2 ** 32), randomInt(2 ** 32)] as const

  constructor(slots: number = defaultSlots) {
    this.#mask = slots - 1
    this.#hashes = new Int32Array(2 * slots)
    this.#sequences = new Float64Array(slots)
    this.#startedAt = new Float64Array(slots)
  }

  /**
   * Returns the start of a snapshot's view, ms since the Unix epoch. `startedAt`: the start according to the snapshot
   * itself. It counts for a copy of the earliest snapshot too, because the store counts the copy received first.
   */
  of({ site, view, sequence }: Pick<Beacon, 'site' | 'view' | 'sequence'>, startedAt: number): number {
    const first = hash(view, hash(site, this.#seeds[0]))
    const second = hash(view, hash(site, this.#seeds[1]))
    // The low bits of FNV-1a depend only on the low bits of each character, so the high bits are folded into them.
    const slot = (first ^ (first >>> 16)) & this.#mask
    const known = this.#sequences[slot] ?? 0
    const isKnown = known > 0 && this.#hashes[2 * slot] === first && this.#hashes[2 * slot + 1] === second
    if (isKnown && known < sequence) return this.#startedAt[slot] ?? startedAt
    if (isKnown && known === sequence) return startedAt
    this.#hashes[2 * slot] = first
    this.#hashes[2 * slot + 1] = second
    this.#sequences[slot] = sequence
    this.#startedAt[slot] = startedAt
    return startedAt
  }
}

/** Hashes a text's code units by FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits, signed. */
function hash(text: string, seed: number): number {
  let value = seed | 0
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value
}
