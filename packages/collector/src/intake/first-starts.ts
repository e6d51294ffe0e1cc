import { randomInt } from 'node:crypto'
import type { Beacon } from '@peerpress/wire'

/** Places for views, a power of two. A view has one place, which the next view of that place takes over. */
const defaultPlaces = 65_536

/**
 * When views began. The earliest snapshot of a view received so far decides: while a device sleeps, the clock that
 * older SDKs count a view's age by stands still, so that later snapshots would move its start by hours.
 *
 * Numbers in arrays, because every beacon passes here: a map of 50,000 views took a tenth of a beacon's time.
 */
export class FirstStarts {
  readonly #mask: number
  /** Of the view in each place: two hashes of site and id, and its earliest snapshot. Sequence 0: none. */
  readonly #hashes: Int32Array
  readonly #sequences: Float64Array
  readonly #startedAt: Float64Array
  readonly #seeds = [randomInt(2 ** 32), randomInt(2 ** 32)] as const

  constructor(places: number = defaultPlaces) {
    this.#mask = places - 1
    this.#hashes = new Int32Array(2 * places)
    this.#sequences = new Float64Array(places)
    this.#startedAt = new Float64Array(places)
  }

  /**
   * The start of a snapshot's view, ms since the Unix epoch. `startedAt`: what the snapshot itself gives. A copy of the
   * earliest one keeps its own: the store counts the first received.
   */
  of({ site, view, sequence }: Pick<Beacon, 'site' | 'view' | 'sequence'>, startedAt: number): number {
    const first = hash(view, hash(site, this.#seeds[0]))
    const second = hash(view, hash(site, this.#seeds[1]))
    const place = first & this.#mask
    const known = this.#sequences[place] ?? 0
    const isKnown = known > 0 && this.#hashes[2 * place] === first && this.#hashes[2 * place + 1] === second
    if (isKnown && known < sequence) return this.#startedAt[place] ?? startedAt
    if (isKnown && known === sequence) return startedAt
    this.#hashes[2 * place] = first
    this.#hashes[2 * place + 1] = second
    this.#sequences[place] = sequence
    this.#startedAt[place] = startedAt
    return startedAt
  }
}

/** FNV-1a over the text's code units (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits, signed. */
function hash(text: string, seed: number): number {
  let value = seed | 0
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value
}
