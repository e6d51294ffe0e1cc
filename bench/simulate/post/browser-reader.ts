import { type Asset, chunkCount } from '@peerpress/wire'
import { PostReader } from './post-reader.ts'
import type { World } from './world.ts'

/** Bytes of the page's HTML with its configuration. */
const pageBytes = 12_000
/** Bytes of the runtime and the worker, compressed, which the page loads when its own first loads are over. */
const scriptBytes = 30_000
/** ms after which the scripts are loaded even though the page's first loads are not over. */
const patience = 1000
/** ms that compiling, registering, the manifest, the ticket and the tracker's answer take together, round trips aside. */
const startMs = 250
/** Round trips of the same. */
const startTrips = 5
/** ms that a reader looks at what is above the fold. */
const glance = 1000
/** ms between two pictures that the reader scrolls past. */
const frameMs = 16
/** As in the visitor's page-swarm.ts. */
const stallMs = 1200
const demandPatience = 1000
const bytesPerMs = 1000
const crowd = 10
const crowdBytesPerMs = 250

/** A reader in a browser: first the pictures above the fold from the origin, then the video and the others through the swarm. */
export class BrowserReader extends PostReader {
  readonly #left = new Map<number, number>()
  /** Bytes of the demands under way. */
  readonly #demands = new Map<number, { readonly asset: Asset; readonly bytes: number }>()
  readonly #loaded = new Set<Asset>()
  #size = 0
  #missing: number

  constructor(simulation: World, id: string) {
    super(simulation, id, stallMs)
    this.#missing = simulation.assets.length
  }

  begin(): void {
    const { assets, scenario, queue } = this.simulation
    this.http.get([pageBytes], () => {
      const first = assets.slice(0, scenario.aboveFold)
      let left = first.length
      let isLoading = false
      const loadScripts = (): void => {
        if (isLoading) return
        isLoading = true
        this.#loadScripts()
      }
      queue.after(patience, loadScripts)
      for (const asset of first) {
        const sizes = this.sizesOf(asset)
        this.http.get(sizes, (place) => {
          if (place < sizes.length - 1) return
          this.#has(asset)
          left--
          if (left > 0) return
          loadScripts()
          queue.after(glance, () => this.#readOn())
        })
      }
    })
  }

  #loadScripts(): void {
    const { network, queue, scenario } = this.simulation
    network.open([this.down]).send(scriptBytes / scenario.goodput.http, () => {
      queue.after(startMs + startTrips * 2 * scenario.delay, () => {
        this.join()
        for (const asset of this.#loaded)
          for (let index = 0; index < chunkCount(asset); index++) this.offer(asset, index, 'local')
      })
    })
  }

  #readOn(): void {
    const { assets, scenario, queue } = this.simulation
    const [video, ...pictures] = [assets.at(-1), ...assets.slice(scenario.aboveFold, -1)]
    if (video !== undefined) this.#want(video)
    for (const [place, picture] of pictures.entries())
      queue.after((place + 1) * frameMs, () => this.#want(picture))
  }

  #want(asset: Asset): void {
    const { queue, scenario } = this.simulation
    const isTaken = this.hasJoined && (this.#openPeers > 0 || (scenario.demandsAlone && this.#size > 0))
    if (!isTaken) {
      this.#load(asset)
      return
    }
    const isCrowd = this.#size >= crowd
    const rate = isCrowd ? crowdBytesPerMs : bytesPerMs
    let before = 0
    for (const { bytes } of this.#demands.values()) before += bytes
    const demand = this.simulation.nextDemand()
    const count = chunkCount(asset)
    this.#demands.set(demand, { asset, bytes: count * asset.chunkSize })
    this.#left.set(demand, count)
    this.handle({
      type: 'demand',
      demand,
      asset: asset.id,
      first: 0,
      last: count - 1,
      order: 'any',
      deadline: queue.now + (isCrowd ? demandPatience : 0) + before / rate,
      pace: asset.chunkSize / rate,
    })
  }

  get #openPeers(): number {
    return this.channels.size
  }

  /** The origin's plain answer; its chunks are offered to others as they come. */
  #load(asset: Asset): void {
    const sizes = this.sizesOf(asset)
    this.http.get(sizes, (place) => {
      this.offer(asset, place, 'origin')
      if (place === sizes.length - 1) this.#has(asset)
    })
  }

  protected sized(peers: number): void {
    this.#size = peers
  }

  protected delivered(demand: number): void {
    const left = (this.#left.get(demand) ?? 0) - 1
    this.#left.set(demand, left)
    if (left > 0) return
    const done = this.#demands.get(demand)
    this.#demands.delete(demand)
    if (done !== undefined) this.#has(done.asset)
  }

  protected failed(demand: number): void {
    const given = this.#demands.get(demand)
    this.#demands.delete(demand)
    if (given !== undefined) this.#load(given.asset)
  }

  #has(asset: Asset): void {
    if (this.#loaded.has(asset)) return
    this.#loaded.add(asset)
    if (this.simulation.assets.indexOf(asset) < this.simulation.scenario.aboveFold && this.hasJoined)
      for (let index = 0; index < chunkCount(asset); index++) this.offer(asset, index, 'local')
    this.#missing--
    if (this.#missing === 0) this.finish()
  }
}
