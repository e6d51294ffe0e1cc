import type { Asset, AssetId, PeerId } from '@peerpress/wire'
import { Chunk, ChunkMap } from './download/chunk-map.ts'
import { PeerSelection } from './peers/peer-selection.ts'
import { Connections } from './peers/connections.ts'
import type { ChunkSource, DemandId, EngineInput, EngineOutput } from './contract.ts'
import { Demands } from './download/demands.ts'
import { Downloads } from './download/downloads.ts'
import type { EngineOptions } from './engine-options.ts'
import { settingsOf } from './engine-options.ts'
import { Outbox } from './outbox.ts'
import type { Peer } from './peers/peer.ts'
import { Receipts } from './upload/receipts.ts'
import { Scheduler } from './download/scheduler.ts'
import { SwarmError } from './swarm-error.ts'
import { Uploads } from './upload/uploads.ts'

const fromOrigin: ChunkSource = { kind: 'origin' }
const fromMirror: ChunkSource = { kind: 'mirror' }
const fromLocal: ChunkSource = { kind: 'local' }

/**
 * The download engine: inputs report events, outputs are instructions. It has no clock, no random source, no timers and
 * no I/O. The shell around it provides them.
 */
export class Engine {
  readonly #outbox = new Outbox()
  readonly #maps = new Map<AssetId, ChunkMap>()
  readonly #peers = new Map<PeerId, Peer>()
  readonly #demands: Demands
  readonly #downloads: Downloads
  readonly #uploads: Uploads
  readonly #receipts: Receipts
  readonly #connections: Connections
  readonly #scheduler: Scheduler
  readonly #peerSelection: PeerSelection
  #now = -Infinity

  /** `random` returns numbers from 0 up to 1, like `Math.random`. It breaks ties between peers. */
  constructor(options: EngineOptions, random: () => number) {
    const settings = settingsOf(options)
    this.#demands = new Demands(this.#outbox)
    this.#downloads = new Downloads(this.#outbox)
    this.#uploads = new Uploads(this.#outbox, settings)
    this.#receipts = new Receipts(this.#outbox, this.#peers)
    const parts = {
      settings,
      random,
      outbox: this.#outbox,
      maps: this.#maps,
      peers: this.#peers,
      demands: this.#demands,
      downloads: this.#downloads,
      uploads: this.#uploads,
      receipts: this.#receipts,
    }
    this.#connections = new Connections(parts)
    this.#peerSelection = new PeerSelection(parts, this.#connections)
    this.#scheduler = new Scheduler(parts)
  }

  /** Returns the next instruction; undefined if there is none until the next input. */
  poll(): EngineOutput | undefined {
    return this.#outbox.poll()
  }

  /**
   * Returns whether a demand for these chunks would get any of them without the origin. If not, the shell needs no
   * demand.
   * @throws {SwarmError} `unknown-asset` or `no-such-chunk`.
   */
  canServe(asset: AssetId, first: number, last: number): boolean {
    const map = this.#mapOf({ asset, first, last })
    for (let index = first; index <= last; index++) {
      if (map.state(index) === Chunk.have || (map.holders[index] ?? 0) > 0) return true
    }
    return false
  }

  /**
   * Handles one input at time `now`, ms on a clock that never goes back. Bad data of a peer or the origin is answered
   * by outputs.
   * @throws {SwarmError} if the shell breaks the contract. The state is then unchanged.
   */
  handle(input: EngineInput, now: number): void {
    if (!(now >= this.#now)) throw new SwarmError('time-went-back', `${now} after ${this.#now}`)
    const reschedule = this.#apply(input, now)
    this.#now = now
    if (reschedule) this.#scheduler.run(now)
    if (input.type === 'timer') this.#setTimer(now)
  }

  /** Returns whether new requests may be possible. A frame in the middle of a chunk changes nothing. */
  #apply(input: EngineInput, now: number): boolean {
    switch (input.type) {
      case 'asset':
        this.#addAsset(input.asset)
        return false
      case 'demand':
        this.#demand(input, now)
        this.#peerSelection.restart(now)
        return true
      case 'demand-ended':
        this.#endDemand(input.demand)
        return true
      case 'upload-allowance':
        this.#uploads.allow(input, now)
        return false
      case 'swarm-size':
        this.#scheduler.swarmSize(input.peers, now)
        this.#peerSelection.start(now)
        return true
      case 'chunk':
      case 'fetched':
        this.#offer(input, now)
        return true
      case 'fetch-failed':
        this.#downloads.fetchFailed(this.#mapOf(input), input.first, input.last)
        return true
      case 'verified':
        this.#verified(input, now)
        return true
      case 'peer-joined':
        this.#connections.join(input.peer, now)
        return false
      case 'peer-left':
        this.#connections.leave(input.peer)
        this.#peerSelection.scheduleCheck(now)
        return true
      case 'peer-message':
        if (input.message.type !== 'frame') this.#peerSelection.chunkArrived(now)
        return this.#connections.handleMessage(input.peer, input.message, now)
      case 'peer-garbage':
        this.#connections.drop(input.peer, 'protocol')
        return true
      case 'chunk-sent':
        this.#uploads.sent(input, now)
        return false
      case 'chunk-lost':
        this.#lose(input, now)
        return true
      case 'timer':
        this.#outbox.timerFired()
        this.#connections.tick(now)
        this.#peerSelection.tick(now)
        this.#uploads.tick(now)
        this.#receipts.tick(now)
        return true
    }
  }

  #addAsset(asset: Asset): void {
    if (this.#maps.has(asset.id)) return
    const map = new ChunkMap(asset)
    this.#maps.set(asset.id, map)
    this.#connections.addAsset(map)
  }

  #demand(input: EngineInput & { readonly type: 'demand' }, now: number): void {
    const { demand: id, first, last, deadline, pace = 0, order = 'sequential' } = input
    this.#demands.add({ id, map: this.#mapOf(input), first, last, deadline, pace, order, since: now })
    if (deadline > now) this.#outbox.wake(deadline)
  }

  /** Cancels requests that no other demand needs, except begun ones: their chunks are stored for others. */
  #endDemand(id: DemandId): void {
    const demand = this.#demands.end(id)
    if (demand === undefined) return
    const { map, next, last } = demand
    for (const assembly of map.requests.values()) {
      const { index, begun } = assembly
      if (index < next || index > last || begun || this.#demands.need(map, index)) continue
      this.#downloads.cancel(assembly)
    }
  }

  #offer(input: EngineInput & { readonly type: 'chunk' | 'fetched' }, now: number): void {
    const { index, bytes } = input
    const map = this.#mapOf({ asset: input.asset, first: index, last: index })
    const fetched = input.type === 'fetched'
    const source = sourceOf(input)
    const fits = this.#downloads.accept({ map, index, bytes, source, fetched }, now)
    if (!fits && fetched) this.#demands.failAll(map, index)
  }

  #verified({ verification, valid, proof }: EngineInput & { readonly type: 'verified' }, now: number): void {
    const { map, index, peer, fetched } = this.#downloads.verified(verification, valid)
    if (valid) {
      this.#connections.announce(map, index)
      this.#demands.deliver(map)
      if (peer !== undefined) this.#receipts.chunkReceived(peer, now)
      this.#peerSelection.chunkArrived(now)
    } else if (peer !== undefined) {
      if (proof !== undefined) this.#outbox.push({ type: 'accuse', proof })
      if (this.#peers.get(peer.id) === peer) this.#connections.drop(peer.id, 'bad-chunk')
    } else if (fetched) {
      // The origin serves something else by now. The page gets it from there.
      this.#demands.failAll(map, index)
    }
  }

  /** Forgets a stored chunk. Peers that know of it may still request it. */
  #lose({ asset, index, unsent }: EngineInput & { readonly type: 'chunk-lost' }, now: number): void {
    const map = this.#mapOf({ asset, first: index, last: index })
    if (map.state(index) === Chunk.have) map.move(index, Chunk.missing)
    this.#uploads.lost(map, { index, unsent }, now)
  }

  #setTimer(now: number): void {
    let due = Math.min(
      this.#connections.dueAt(now),
      this.#uploads.dueAt(),
      this.#peerSelection.dueAt,
      this.#receipts.dueAt(),
    )
    for (const demand of this.#demands) due = Math.min(due, this.#scheduler.dueAt(demand, now))
    this.#outbox.wake(due)
  }

  #mapOf({
    asset,
    first,
    last,
  }: {
    readonly asset: AssetId
    readonly first: number
    readonly last: number
  }): ChunkMap {
    const map = this.#maps.get(asset)
    if (map === undefined) throw new SwarmError('unknown-asset', `asset ${asset} was not introduced`)
    if (!map.contains(first) || !map.contains(last) || first > last) {
      throw new SwarmError('no-such-chunk', `${first} to ${last} of ${map.count} chunks`)
    }
    return map
  }
}

function sourceOf({ type, source }: EngineInput & { readonly type: 'chunk' | 'fetched' }): ChunkSource {
  if (source === 'mirror') return fromMirror
  return type === 'fetched' || source === 'origin' ? fromOrigin : fromLocal
}
