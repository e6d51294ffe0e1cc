import { chmod, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { chunkCount, chunkHash, encodeHex } from '@peerpress/wire'
import { type ChunkStorageOptions, MemoryChunks } from '@peerpress/swarm'
import { ChunkDisk } from './chunk-disk.ts'
import { Guard } from './guard.ts'
import { PeerKey } from './peer-key.ts'
import { fetchManifest, type PostConfig, type PublishedPost, readPostConfig } from './published-post.ts'
import { SeedError } from './seed-error.ts'
import { SwarmPeer } from './swarm-peer.ts'
import { TrackerLine } from './tracker-line.ts'

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
/** How often the post is looked after: a new version, or a revocation. */
const refreshInterval = 60_000

/**
 * Joins the swarm of a post and stays in it until it is stopped; resolves as soon as it has begun.
 * @throws {SeedError} when the page or its manifest cannot be used.
 */
export async function startSeed(options: SeedOptions): Promise<RunningSeed> {
  const guard = new Guard(options.onProblem)
  const config = await readPostConfig(options.page)
  let post = await fetchManifest(config)
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
      const latest = await fetchManifest(config)
      if (!isStopped && latest.manifest.version > post.manifest.version) {
        const next = await takePart(config, latest, { ...options, guard })
        part.stop()
        part = next
        post = latest
        if (isStopped) part.stop()
      }
    } catch (problem) {
      // Revoked: what the site withdrew is given to nobody any more. A server that is away changes nothing.
      if (problem instanceof SeedError && problem.code === 'no-manifest') part.stop()
      guard.report(problem)
    }
    if (!isStopped) refresh = setTimeout(lookAfter, refreshInterval)
  }
}

interface Part {
  readonly state: () => SeedState
  stop(): void
}

async function takePart(
  config: PostConfig,
  { manifest, mirrors }: PublishedPost,
  options: SeedOptions & { readonly guard: Guard },
): Promise<Part> {
  const names = manifest.assets.flatMap((asset) =>
    Array.from({ length: chunkCount(asset) }, (_, index) => encodeHex(chunkHash(asset, index))),
  )
  const size = manifest.assets.reduce((sum, asset) => sum + asset.size, 0)
  if (size > options.maxBytes) {
    throw new SeedError(
      'too-large',
      `the post's media are ${size} bytes, more than the ${options.maxBytes} allowed.`,
    )
  }
  const { directory, maxBytes, guard } = options
  const limits = { maxBytes, pinned: new Set(names) }
  const disk = directory === null ? new MemoryChunks(limits) : await openDisk(directory, limits)
  let [chunks, sent, received, isIntroduced] = [0, 0, 0, false]
  const state = (): SeedState => ({
    chunks,
    of: names.length,
    peers: swarm.peers,
    isIntroduced,
    sent,
    received,
  })
  const changed = () => options.onChange?.(state())
  const key = new PeerKey()
  const swarm = new SwarmPeer(manifest, {
    mirrors,
    guard,
    disk,
    key,
    maxPeers: options.maxPeers ?? 64,
    originRate: options.originRate,
    tellTracker: (message) => tracker.send(message),
    onEvent(event) {
      if (event.kind === 'sent') sent += event.bytes
      if (event.kind === 'received' && event.source.kind !== 'local') received += event.bytes
      changed()
    },
    onStored() {
      chunks++
      changed()
    },
  })
  const tracker = new TrackerLine({
    guard,
    url: `${config.server.replace(/^http/, 'ws')}/v1/tracker`,
    join: async () => {
      try {
        return key.join(await fetchTicket(config, options))
      } catch (problem) {
        guard.report(problem)
        throw problem
      }
    },
    onMessage(message) {
      if (message.type === 'welcome') {
        swarm.iceServers = message.iceServers
        swarm.relayOnly = message.relayOnly ?? false
        isIntroduced = true
      } else if (message.type === 'swarm') swarm.resize(message.peers)
      else if (message.type === 'introduce') swarm.introduce(message)
      else if (message.type === 'signal') swarm.signal(message.from, message.signal)
      else if (message.type === 'banned') swarm.drop(message.peer)
      changed()
    },
  })
  guard.settle(swarm.fill())
  return {
    state,
    stop() {
      tracker.stop()
      swarm.close()
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

async function fetchTicket(
  { server, site, post }: PostConfig,
  { page, token }: SeedOptions,
): Promise<string> {
  const response = await fetch(`${server}/v1/ticket?${new URLSearchParams({ site, post }).toString()}`, {
    headers: token === null ? { Origin: new URL(page).origin } : { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ticketTimeout),
  })
  const { ticket } = (await response.json()) as { readonly ticket?: unknown }
  if (!response.ok || typeof ticket !== 'string') {
    throw new SeedError(
      'unreachable',
      `${server} gives no ticket (${response.status}): ${token === null ? 'is the page one of the site' : 'is the seed token the site'}'s?`,
    )
  }
  return ticket
}
