import type { PublishedPost } from '@peerpress/peer'
import { Guard } from './guard.ts'
import { type SeedState, takePart } from './part.ts'
import { changeOf, fetchPost, type PostConfig, readPostConfig } from './published-post.ts'
import { SeedError } from './seed-error.ts'

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

/** A seed at work. */
export interface RunningSeed {
  readonly state: () => SeedState
  /** Says goodbye to the tracker and closes every connection. The chunks stay on the disk. */
  stop(): void
}

const ticketTimeout = 10_000
/** ms between two checks for a new version of the post, or a revocation. */
const refreshInterval = 60_000

/**
 * Joins the swarm of a post and stays in it until it is stopped; resolves as soon as it has begun.
 * @throws {SeedError} when the page or its manifest cannot be used, or the server refuses the token.
 */
export async function startSeed(options: SeedOptions): Promise<RunningSeed> {
  const guard = new Guard(options.onProblem)
  const config = await readPostConfig(options.page)
  let post = await fetchPost(config)
  if (post.manifest.revoked) throw revoked(options.page)
  // A seed that the server refuses would wait for ever. If the server is down, the line to the tracker tries again.
  let early = await fetchTicket(config, options).catch((error: unknown) => {
    if (error instanceof SeedError && error.code === 'refused') throw error
    return undefined
  })
  const takePartIn = (version: PublishedPost) =>
    takePart(version, {
      ...options,
      server: config.server,
      guard,
      fetchTicket: async () => {
        const ticket = early
        early = undefined
        return ticket === undefined ? fetchTicket(config, options) : ticket
      },
    })
  let part = await takePartIn(post)
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
      const next = await takePartIn(latest)
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

/** Returns null if the site's policy admits no seeds. */
async function fetchTicket(
  { server, site, post }: PostConfig,
  { page, token }: SeedOptions,
): Promise<string | null> {
  const response = await fetch(`${server}/v1/ticket?${new URLSearchParams({ site, post }).toString()}`, {
    headers: token === null ? { Origin: new URL(page).origin } : { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ticketTimeout),
  })
  const { ticket, code, detail } = (await response.json()) as Readonly<Record<string, unknown>>
  if (code === 'policy-changed') return null
  if (response.ok && typeof ticket === 'string') return ticket
  if (code === 'wrong-origin') {
    const why =
      token === null
        ? `gives no ticket: ${page} is no page of the site ${site}.`
        : `does not accept the seed token: it is mistyped, has ended, or is of another site than ${site}. Make one with "./peerpress site seed-token ${site}" on the server, or in the settings of the site on the dashboard.`
    throw new SeedError('refused', `${server} ${why}`)
  }
  const told = typeof detail === 'string' ? `: ${detail}` : ''
  throw new SeedError('unreachable', `${server} gives no ticket (${response.status})${told}`)
}
