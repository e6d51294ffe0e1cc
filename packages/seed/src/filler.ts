import type { SwarmPeer } from '@peerpress/peer'
import { type Asset, chunkCount } from '@peerpress/wire'
import type { ChunkWriter } from './chunk-writer.ts'
import type { Guard } from './guard.ts'
import type { SeedStore } from './seed-store.ts'

/** ms that the tracker has to report the size of the swarm before the first request. */
const sizeTimeout = 1500
/**
 * ms that peers have before the rest comes from the origin, and one more for each of so many bytes. No page waits for a
 * seed, so that it can spare the origin.
 */
const peerTimeout = 10_000
const bytesPerMs = 50
/** ms until a failed demand is repeated; twice as long each time. */
const firstRetry = 1000
const maxRetry = 60_000

/** What a {@link Filler} needs. */
export interface FillerOptions {
  readonly peer: Pick<SwarmPeer, 'handle' | 'learn'>
  readonly store: SeedStore
  readonly writer: ChunkWriter
  readonly guard: Guard
}

/** Demands all assets of a post until they are on the disk. */
export class Filler {
  readonly #options: FillerOptions
  readonly #assets: readonly Asset[]
  readonly #ended = new AbortController()
  /** Ends the pending demand of each asset, by its number. */
  readonly #pending = new Map<number, () => void>()
  /** Chunks that are missing of each pending demand, by its number. */
  readonly #missing = new Map<number, number>()
  readonly #filling = new Set<number>()
  #hasBegun = false
  readonly #sized = Promise.withResolvers<void>()

  constructor(assets: readonly Asset[], options: FillerOptions) {
    this.#assets = assets
    this.#options = options
  }

  /**
   * Offers what is on the disk, then gets the rest: all assets at once, in random order. Readers begin at the top of their
   * page, so that a seed that begins elsewhere has something else to give them.
   */
  async fill(): Promise<void> {
    await this.#options.peer.learn(this.#assets)
    await this.#untilSized()
    this.#hasBegun = true
    const order = this.#assets.map((asset, demand) => ({ asset, demand, at: Math.random() }))
    order.sort((one, other) => one.at - other.at)
    let bytes = 0
    await Promise.all(
      order.map(({ asset, demand }) => {
        bytes += asset.size
        return this.#want(demand, performance.now() + peerTimeout + bytes / bytesPerMs)
      }),
    )
  }

  /** Gets a chunk of this asset that was lost after it had been stored. */
  refill(asset: Asset): void {
    const demand = this.#assets.indexOf(asset)
    if (demand < 0 || !this.#hasBegun || this.#filling.has(demand)) return
    this.#options.guard.settle(this.#want(demand, performance.now() + peerTimeout))
  }

  /** The tracker reported how many peers are in the swarm. */
  sized(): void {
    this.#sized.resolve()
  }

  /** A chunk of a demand was delivered. */
  delivered(demand: number): void {
    const missing = (this.#missing.get(demand) ?? 0) - 1
    this.#missing.set(demand, missing)
    if (missing <= 0) this.failed(demand)
  }

  /** No more of a demand will come. */
  failed(demand: number): void {
    this.#pending.get(demand)?.()
  }

  /** Ends all demands: the disk takes no more, so that nothing must be requested. */
  pause(): void {
    for (const [demand, resolve] of this.#pending) {
      this.#options.peer.handle({ type: 'demand-ended', demand })
      resolve()
    }
  }

  close(): void {
    this.#ended.abort()
    for (const resolve of this.#pending.values()) resolve()
  }

  /** A seed that learns of no swarm gets everything from the origin at once. */
  async #untilSized(): Promise<void> {
    const timer = setTimeout(this.#sized.resolve, sizeTimeout)
    await this.#sized.promise
    clearTimeout(timer)
  }

  /** Demands an asset again and again until all of it is on the disk. */
  async #want(demand: number, deadline: number): Promise<void> {
    const { store, writer } = this.#options
    const asset = this.#assets[demand]
    if (!asset) return
    this.#filling.add(demand)
    for (let delay = firstRetry; !this.#ended.signal.aborted; delay = Math.min(maxRetry, 2 * delay)) {
      await this.#demand(demand, asset, deadline)
      await writer.settled()
      if (store.hasAll(asset)) break
      await writer.unstuck()
      await new Promise<void>((retry) => {
        setTimeout(retry, delay).unref()
        this.#ended.signal.addEventListener('abort', () => retry(), { once: true })
      })
    }
    this.#filling.delete(demand)
  }

  /** Resolves when all of it came, or no more of it will. */
  async #demand(demand: number, asset: Asset, deadline: number): Promise<void> {
    const last = chunkCount(asset) - 1
    this.#missing.set(demand, last + 1)
    const done = new Promise<void>((resolve) => this.#pending.set(demand, resolve))
    this.#options.peer.handle({
      type: 'demand',
      demand,
      asset: asset.id,
      first: 0,
      last,
      deadline,
      order: 'any',
    })
    await done
    this.#pending.delete(demand)
    this.#missing.delete(demand)
  }
}
