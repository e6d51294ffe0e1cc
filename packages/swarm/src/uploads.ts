import type { AssetId, PeerId, RejectReason } from '@peerpress/wire'
import type { ChunkMap } from './chunk-map.ts'
import { Chunk } from './chunk-map.ts'
import type { Settings } from './engine-options.ts'
import type { Outbox } from './outbox.ts'
import type { Peer } from './peer.ts'

/** Requests that wait for a slot: of all peers, and of one. */
const maxQueued = 64
const maxQueuedPerPeer = 16

/** A peer that has not given yet gets so many chunks before it counts as one that does not give: it must begin. */
const creditChunks = 1

/** One slot in so many goes to whoever waits longest, giving or not. */
const optimisticEvery = 16

interface Upload {
  readonly peer: Peer
  readonly map: ChunkMap
  readonly index: number
  readonly requestedAt: number
  sending: boolean
}

/**
 * Whom we serve, so many at a time: first those that gave us something, then those that have something to give, then
 * newcomers, then the others, first come, first served. Nobody is shut out: every so often a slot goes to whoever waits longest. Every request is answered by
 * a chunk or a reject.
 */
export class Uploads {
  readonly #outbox: Outbox
  readonly #settings: Settings
  /** In order of arrival: those being sent and those that wait. */
  readonly #uploads: Upload[] = []
  #started = 0

  constructor(outbox: Outbox, settings: Settings) {
    this.#outbox = outbox
    this.#settings = settings
  }

  /** Returns false when the peer asks for what it already waits for. */
  request(
    peer: Peer,
    request: { readonly asset: AssetId; readonly map: ChunkMap | undefined; readonly index: number },
    now: number,
  ): boolean {
    const { asset, map, index } = request
    if (map === undefined || map.state(index) !== Chunk.have) {
      this.#reject(peer, { asset, index, reason: 'missing' })
      return true
    }
    if (this.#find(peer.id, asset, index) !== undefined) return false
    const waiting = this.#uploads.filter(({ sending }) => !sending)
    if (
      waiting.length >= maxQueued ||
      waiting.filter((upload) => upload.peer === peer).length >= maxQueuedPerPeer
    ) {
      this.#reject(peer, { asset, index, reason: 'busy' })
      return true
    }
    this.#uploads.push({ peer, map, index, requestedAt: now, sending: false })
    this.#start()
    this.#outbox.wake(this.dueAt())
    return true
  }

  /** A request that already is being sent is completed: its bytes are on their way. */
  cancel(peer: Peer, asset: AssetId, index: number): void {
    const upload = this.#find(peer.id, asset, index)
    if (upload !== undefined && !upload.sending) this.#turnAway(upload)
  }

  /** Frees the slot of a chunk that left. What a peer that is gone was sent counts for nothing. */
  sent(peer: PeerId, asset: AssetId, index: number): void {
    const upload = this.#find(peer, asset, index)
    if (upload === undefined || !upload.sending) return
    this.#remove(upload)
    this.#outbox.push({ type: 'report', event: { kind: 'sent', peer, bytes: upload.map.length(index) } })
    this.#start()
  }

  forget(peer: Peer): void {
    for (const upload of this.#uploads.filter((candidate) => candidate.peer === peer)) this.#remove(upload)
    this.#start()
  }

  /** Turns away who waited too long. */
  expire(now: number): void {
    while (this.dueAt() <= now) {
      const first = this.#uploads.find(({ sending }) => !sending)
      if (first !== undefined) this.#turnAway(first)
    }
  }

  /**
   * When the one that waits longest has waited too long: well before the asker, if it is as patient as we are, would
   * take the silence for a stall. A busy peer must not be mistaken for a dead one.
   */
  dueAt(): number {
    const first = this.#uploads.find(({ sending }) => !sending)
    return first === undefined ? Infinity : first.requestedAt + this.#settings.stallMs / 2
  }

  #start(): void {
    const { maxUploads, uploadsPerPeer } = this.#settings
    const sending = new Map<Peer, number>()
    let total = 0
    for (const upload of this.#uploads) {
      if (!upload.sending) continue
      total++
      sending.set(upload.peer, (sending.get(upload.peer) ?? 0) + 1)
    }
    for (; total < maxUploads; total++) {
      const next = this.#next(
        ({ peer, sending: begun }) => !begun && (sending.get(peer) ?? 0) < uploadsPerPeer,
      )
      if (next === undefined) return
      const { peer, map, index } = next
      next.sending = true
      this.#started++
      sending.set(peer, (sending.get(peer) ?? 0) + 1)
      peer.taken++
      this.#outbox.push({ type: 'send-chunk', peer: peer.id, asset: map.asset.id, index })
    }
  }

  #next(canStart: (upload: Upload) => boolean): Upload | undefined {
    const longest = this.#uploads.find(canStart)
    if (this.#started % optimisticEvery === optimisticEvery - 1) return longest
    let best = longest
    for (const upload of this.#uploads) {
      if (best === undefined || rank(best.peer) === 0) break
      if (rank(upload.peer) < rank(best.peer) && canStart(upload)) best = upload
    }
    return best
  }

  #find(peer: PeerId, asset: AssetId, index: number): Upload | undefined {
    return this.#uploads.find(
      (upload) => upload.index === index && upload.peer.id === peer && upload.map.asset.id === asset,
    )
  }

  #turnAway(upload: Upload): void {
    this.#remove(upload)
    this.#reject(upload.peer, { asset: upload.map.asset.id, index: upload.index, reason: 'busy' })
  }

  #remove(upload: Upload): void {
    this.#uploads.splice(this.#uploads.indexOf(upload), 1)
  }

  #reject(
    peer: Peer,
    rejection: { readonly asset: AssetId; readonly index: number; readonly reason: RejectReason },
  ): void {
    this.#outbox.push({ type: 'send', peer: peer.id, message: { type: 'reject', ...rejection } })
  }
}

/** Who comes first: those that gave us something, those that have something to give, newcomers, everybody else. */
function rank({ given, taken, offers }: Peer): number {
  if (given > 0) return 0
  if (offers) return 1
  return taken < creditChunks ? 2 : 3
}
