import type { Location } from '../admission/location.ts'
import type { Exchanges } from './exchanges.ts'
import { everywhere, groupOf, type Kind, type Member, placeOfAddress, type Places } from './room.ts'
import { shuffled } from './shuffled.ts'
import { unionOf } from './union.ts'

/** Share of candidates that is drawn from the whole room. Near candidates alone would split a room into islands. */
const farShare = 0.2

/** The kinds that a kind may meet. A seed is always on and does not count as a reader. */
const mayMeet: Record<Kind, readonly Kind[]> = {
  seed: ['seed', 'reader', 'seeds-only'],
  reader: ['seed', 'reader'],
  'seeds-only': ['seed'],
}

/** The kinds that a kind may meet while the room has too few readers: no reader meets another. */
const whenTooFew: Record<Kind, readonly Kind[]> = { ...mayMeet, reader: ['seed'] }

/** Chooses the members that a member may be introduced to. */
export class Candidates {
  readonly #random: () => number
  readonly #exchanges: Exchanges
  readonly #minReaders: number

  /** `random`: uniform in [0, 1). `minReaders`: readers that a room must have before they meet each other. */
  constructor(random: () => number, exchanges: Exchanges, minReaders: number) {
    this.#random = random
    this.#exchanges = exchanges
    this.#minReaders = minReaders
  }

  /**
   * Yields the members of the room that the member may meet: first those of the same network, then those at addresses
   * that its network knows, then those of the same country, then all. One in five is drawn from all. Once its network
   * has exchanged as many addresses as it may, only its own network, the known addresses and seeds are left. A member
   * may come more than once, and the member itself may come too.
   */
  *of({ room, kind, places, location }: Member): Generator<Member, void> {
    const kinds = room.readers < this.#minReaders ? whenTooFew[kind] : mayMeet[kind]
    const groupAt = (place: string) => unionOf(kinds.map((one) => groupOf(room, one, place)))
    const anywhere = shuffled(groupAt(everywhere), this.#random)
    const seeds = shuffled(groupOf(room, 'seed', everywhere), this.#random)
    const nextFar = () => (this.#hasRoom(location) ? anywhere : seeds).next().value
    for (const place of this.#placesNear(places, location)) {
      for (const other of shuffled(groupAt(place), this.#random)) {
        while (this.#random() < farShare) {
          const far = nextFar()
          if (far === undefined) break
          yield far
        }
        yield other
      }
    }
    for (let far = nextFar(); far !== undefined; far = nextFar()) yield far
  }

  #hasRoom(location: Location | undefined): boolean {
    return location === undefined || this.#exchanges.hasRoom(location)
  }

  *#placesNear({ network, country }: Places, location: Location | undefined): Generator<string, void> {
    if (network !== undefined) yield network
    if (location !== undefined)
      for (const address of shuffled(this.#exchanges.known(location), this.#random))
        yield placeOfAddress(address)
    if (country !== undefined && this.#hasRoom(location)) yield country
  }
}
