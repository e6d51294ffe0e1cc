import type { EventQueue } from '@peerpress/swarm/simulation'
import type { FairNetwork, Flow, Link } from './fair-network.ts'

/** Requests at a time to one origin, as browsers have it for HTTP/1.1. */
const maxRequests = 6

/** A request that was made, or waits for its turn. */
export interface Exchange {
  abort(): void
}

/** A reader's requests to the origin. */
export class HttpClient {
  readonly #queue: EventQueue
  readonly #network: FairNetwork
  readonly #links: readonly Link[]
  readonly #delay: number
  readonly #goodput: number
  readonly #onSent: (bytes: number) => void
  #active = 0
  readonly #turns: (() => void)[] = []

  constructor(
    { queue, network }: { readonly queue: EventQueue; readonly network: FairNetwork },
    links: readonly Link[],
    {
      delay,
      goodput,
      onSent,
    }: { readonly delay: number; readonly goodput: number; readonly onSent: (bytes: number) => void },
  ) {
    this.#queue = queue
    this.#network = network
    this.#links = links
    this.#delay = delay
    this.#goodput = goodput
    this.#onSent = onSent
  }

  /** Requests pieces of these sizes, which arrive one after the other; `onPiece` gets the place of each. */
  get(sizes: readonly number[], onPiece: (place: number) => void): Exchange {
    let flow: Flow | undefined
    let state: 'waiting' | 'active' | 'ended' = 'waiting'
    const end = (): void => {
      if (state === 'active') {
        this.#active--
        this.#turns.shift()?.()
      }
      state = 'ended'
      flow?.close()
    }
    const begin = (): void => {
      if (state === 'ended') {
        this.#turns.shift()?.()
        return
      }
      state = 'active'
      this.#active++
      this.#queue.after(2 * this.#delay, () => {
        if (state === 'ended') return
        flow = this.#network.open(this.#links)
        for (const [place, bytes] of sizes.entries()) {
          flow.send(bytes / this.#goodput, () => {
            this.#onSent(bytes)
            if (place === sizes.length - 1) end()
            onPiece(place)
          })
        }
      })
    }
    if (this.#active < maxRequests) begin()
    else this.#turns.push(begin)
    return { abort: end }
  }
}
