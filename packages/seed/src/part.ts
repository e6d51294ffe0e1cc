import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Figures, type PublishedPost, receivedBytes, SwarmPeer } from '@peerpress/peer'
import { type ChunkStorageOptions, MemoryChunks } from '@peerpress/swarm'
import { ChunkDisk } from './chunk-disk.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { Filler } from './filler.ts'
import type { Guard } from './guard.ts'
import type { Fetch } from './lending/guarded-fetch.ts'
import { nodePlatform } from './node-platform.ts'
import { channelOpener } from './open-channel.ts'
import { SeedError } from './seed-error.ts'
import { namesOf, SeedStore } from './seed-store.ts'
import { Turns } from './turns.ts'

/** Requests to origin and mirrors at a time, as in browsers. */
const maxFetches = 6

/** How a seed stands. */
export interface SeedState {
  /** Chunks of the post that are here, of all. */
  readonly chunks: number
  readonly of: number
  readonly peers: number
  /** Whether the tracker let it in. */
  readonly isIntroduced: boolean
  /** Bytes sent to readers, and got, since the start. */
  readonly sent: number
  readonly received: number
}

/** What a seed's part in one swarm needs. */
export interface PartOptions {
  /** Origin of the PeerPress server. */
  readonly server: string
  /** Folder of the chunks; null: they are kept in memory. */
  readonly directory: string | null
  /** Bytes of chunks on the disk at most. */
  readonly maxBytes: number
  /** Connections at most. @default 64 */
  readonly maxPeers?: number
  /** What the whole swarm takes from the origin, bytes/ms, as far as it is up to this peer. @default 2500 */
  readonly originRate?: number
  /** Gets a ticket; null if the site's policy admits no seeds. */
  readonly fetchTicket: () => Promise<string | null>
  /** Requests from origin and mirrors. @default Node's fetch */
  readonly fetch?: Fetch
  readonly guard: Guard
  /** Told after every change. */
  readonly onChange?: (state: SeedState) => void
}

/** A seed's part in the swarm of one version of a post. */
export interface Part {
  readonly state: () => SeedState
  /** Joins again after the site's policy had refused this seed. */
  start(): void
  /** Leaves the swarm. The chunks stay on the disk. */
  stop(): void
}

/**
 * Joins the swarm of a version of a post.
 * @throws {SeedError} `too-large`
 */
export async function takePart(post: PublishedPost, options: PartOptions): Promise<Part> {
  const { assets } = post.manifest
  const { directory, maxBytes, maxPeers = 64, originRate, guard } = options
  const size = assets.reduce((sum, asset) => sum + asset.size, 0)
  if (size > maxBytes) {
    throw new SeedError('too-large', `the post's media are ${size} bytes, more than the ${maxBytes} allowed.`)
  }
  const names = assets.flatMap(namesOf)
  const limits = { maxBytes, pinned: new Set(names) }
  const disk = directory === null ? new MemoryChunks(limits) : await openDisk(directory, limits)
  const figures = new Figures()
  let [chunks, received, isIntroduced] = [0, 0, false]
  const state = (): SeedState => ({
    chunks,
    of: names.length,
    peers: peer.peers.count,
    isIntroduced,
    sent: figures.sent,
    received,
  })
  const changed = () => options.onChange?.(state())
  const writer = new ChunkWriter(disk, {
    guard,
    onStored() {
      chunks++
      changed()
    },
    onStuck(problem) {
      filler.pause()
      // When it is reported, the number of chunks on the disk is final.
      guard.settle(writer.settled().then(() => guard.report(problem)))
    },
  })
  const store = new SeedStore({
    disk,
    writer,
    onLost(asset, index) {
      peer.lose(asset.id, index)
      filler.refill(asset)
    },
  })
  const turns = new Turns(maxFetches)
  const peer = new SwarmPeer(post, {
    platform: nodePlatform(guard, options.fetch),
    openChannel: channelOpener(guard),
    store,
    server: options.server,
    async fetchTicket() {
      try {
        return await options.fetchTicket()
      } catch (problem) {
        guard.report(problem)
        throw problem
      }
    },
    maxAttempts: Infinity,
    fetchTurn: () => turns.take(),
    httpOrder: () => 'origin-first',
    engine: { maxPeers, ...(originRate && { originRate }) },
    onDelivered: (demand) => filler.delivered(demand),
    onDemandFailed: (demand) => filler.failed(demand),
    onEvent(event) {
      figures.add(event)
      received += receivedBytes(event)
      changed()
    },
    onTracker(message) {
      if (message.type === 'welcome') isIntroduced = true
      if (message.type === 'swarm') filler.sized()
      if (message.type === 'error') guard.report(new Error(`the tracker refuses: ${message.message}`))
      changed()
    },
    onRefused: () => guard.report(new Error("the site's policy admits no seeds any more")),
    onProblem: (problem) => guard.report(problem),
    onBroken: (problem) => guard.report(problem),
  })
  const filler = new Filler(assets, { peer, store, writer, guard })
  peer.peers.limit(maxPeers)
  peer.start()
  guard.settle(filler.fill())
  return {
    state,
    start: () => peer.start(),
    stop() {
      peer.stop()
      filler.close()
      writer.close()
    },
  }
}

/** The folder is the owner's alone; so is one that an earlier release made for all to read. */
async function openDisk(directory: string, limits: ChunkStorageOptions): Promise<ChunkDisk> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  // Where another owns it, it is as they want it.
  await chmod(directory, 0o700).catch(() => {})
  return ChunkDisk.open(join(directory, 'chunks'), limits)
}
