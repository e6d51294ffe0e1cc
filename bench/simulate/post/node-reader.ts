import { type Asset, chunkCount } from '@peerpress/wire'
import { PostReader } from './post-reader.ts'

/** As in the seed's swarm-peer.ts. */
const companyPatience = 1500
const patience = 10_000
const bytesPerMs = 50
/** ms from the start of the process to the tracker's answer. */
const startMs = 150

/** A reader in Node: it wants all assets at once, in an order of its own, and is in no hurry to ask the origin. */
export class NodeReader extends PostReader {
  readonly #left = new Map<number, number>()
  #missing = 0
  #isFilling = false

  begin(): void {
    const { queue } = this.simulation
    queue.after(startMs, () => this.join())
    queue.after(startMs + companyPatience, () => this.#fill())
  }

  protected sized(): void {
    this.#fill()
  }

  #fill(): void {
    if (this.#isFilling) return
    this.#isFilling = true
    const { assets, random, queue } = this.simulation
    const order = assets.map((asset) => ({ asset, at: random() })).toSorted((one, other) => one.at - other.at)
    this.#missing = order.length
    let bytes = 0
    for (const { asset } of order) {
      bytes += asset.size
      this.#want(asset, queue.now + patience + bytes / bytesPerMs)
    }
  }

  #want(asset: Asset, deadline: number): void {
    const demand = this.simulation.nextDemand()
    const count = chunkCount(asset)
    this.#left.set(demand, count)
    this.handle({
      type: 'demand',
      demand,
      asset: asset.id,
      first: 0,
      last: count - 1,
      deadline,
      order: 'any',
    })
  }

  protected delivered(demand: number): void {
    const left = (this.#left.get(demand) ?? 0) - 1
    this.#left.set(demand, left)
    if (left > 0) return
    this.#missing--
    if (this.#missing === 0) this.finish()
  }

  protected failed(): void {
    throw new Error('the simulated origin never fails')
  }
}
