import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Figures, type PublishedPost, SwarmPeer } from '@peerpress/peer'
import { type ChunkStorageOptions, MemoryChunks } from '@peerpress/swarm'
import { ChunkDisk } from './chunk-disk.ts'
import { ChunkWriter } from './chunk-writer.ts'
import { Filler } from './filler.ts'
import { Guard } from './guard.ts'
import { nodePlatform } from './node-platform.ts'
import { channelOpener } from './open-channel.ts'
import { changeOf, fetchPost, type PostConfig, readPostConfig } from './published-post.ts'
import { SeedError } from './seed-error.ts'
import { namesOf, SeedStore } from './seed-store.ts'
import { Turns } from './turns.ts'

/** What a seed is started with. */
export interface SeedOptions {
  /** Address of the post's page. */
  readonly page: string
  /** The site's seed token; null: takes part as a reader who has come for the first time. */
  readonly token: string | null
  /** Folder of the chunks; null: they are kept in memory. */
  readonly directory: string | null
  /** Bytes of chunks on the disk at most. */
  readonly maxBytes: number
  /** Connections at most. @default 64 */
  readonly maxPeers?: number
  /** What the whole swarm takes from the origin, bytes/ms, as far as it is up to this peer. @default 2500 */
  readonly originRate?: number
  /** Told after every change, and of what went wrong. */
  readonly onChange?: (state: SeedState) => void
  readonly onProblem?: (problem: Error) => void
}

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

/** A seed at work. */
export interface RunningSeed {
  readonly state: () => SeedState
  /** Says goodbye to the tracker and closes every connection. The chunks stay on the disk. */
  stop(): void
}

const ticketTimeout = 10_000
/** Requests to origin and mirrors at a time, as in browsers. */
const maxFetches = 6
/** ms between two checks for a new version of the post, or a revocation. */
const refreshInterval = 60_000

/**
 * Joins the swarm of a post and stays in it until it is stopped; resolves as soon as it has begun.
 * @throws {SeedError} when the page or its manifest cannot be used.
 */
export async function startSeed(options: SeedOptions): Promise<RunningSeed> {
  const guard = new Guard(options.onProblem)
  const config = await readPostConfig(options.page)
  let post = await fetchPost(config)
  if (post.manifest.revoked) throw revoked(options.page)
  let part = await takePart(config, post, { ...options, guard })
  let isStopped = false
  let refresh = setTimeout(lookAfter, refreshInterval)

  return {
    state: () => part.state(),
    stop() {
      isStopped = true
      clearTimeout(refresh)
      part.stop()
    },
  }

  function lookAfter(): void {
    guard.settle(look())
  }

  async function look(): Promise<void> {
    try {
      await follow(await fetchPost(config))
      // The site's policy may admit seeds again.
      part.start()
    } catch (problem) {
      // A server that is down, or answers with something else, changes nothing.
      guard.report(problem)
    }
    if (!isStopped) refresh = setTimeout(lookAfter, refreshInterval)
  }

  async function follow(latest: PublishedPost): Promise<void> {
    const change = isStopped ? 'none' : changeOf(post.manifest, latest.manifest)
    if (change === 'none') return
    if (change === 'updated') {
      const next = await takePart(config, latest, { ...options, guard })
      part.stop()
      part = next
      if (isStopped) part.stop()
    } else {
      part.stop()
      guard.report(revoked(options.page))
    }
    post = latest
  }
}

function revoked(page: string): SeedError {
  return new SeedError('no-manifest', `${page} was withdrawn: it is served to nobody any more.`)
}

/** A seed's part in the swarm of one version of the post. */
interface Part {
  readonly state: () => SeedState
  start(): void
  stop(): void
}

async function takePart(
  config: PostConfig,
  post: PublishedPost,
  options: SeedOptions & { readonly guard: Guard },
): Promise<Part> {
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
  let [chunks, isIntroduced] = [0, false]
  const state = (): SeedState => ({
    chunks,
    of: names.length,
    peers: peer.peers.count,
    isIntroduced,
    sent: figures.sent,
    received: figures.received,
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
    platform: nodePlatform(guard),
    openChannel: channelOpener(guard),
    store,
    server: config.server,
    async fetchTicket() {
      try {
        return await fetchTicket(config, options)
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

/** Returns null if the site's policy admits no seeds. */
async function fetchTicket(
  { server, site, post }: PostConfig,
  { page, token }: SeedOptions,
): Promise<string | null> {
  const response = await fetch(`${server}/v1/ticket?${new URLSearchParams({ site, post }).toString()}`, {
    headers: token === null ? { Origin: new URL(page).origin } : { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ticketTimeout),
  })
  const { ticket, code } = (await response.json()) as { readonly ticket?: unknown; readonly code?: unknown }
  if (code === 'policy-changed') return null
  if (!response.ok || typeof ticket !== 'string') {
    throw new SeedError(
      'unreachable',
      `${server} gives no ticket (${response.status}): ${token === null ? 'is the page one of the site' : 'is the seed token the site'}'s?`,
    )
  }
  return ticket
}
