import { type Assignment, type PeerId, type PostId, siteIdPattern, type SiteId } from '@peerpress/wire'
import { Guard } from '../guard.ts'
import type { SeedState } from '../part.ts'
import { SeedError } from '../seed-error.ts'
import { createGuardedFetch } from './guarded-fetch.ts'
import { LendingClient, LendingRefusal } from './lending-client.ts'
import { LentFolder } from './lent-folder.ts'
import { LentPost } from './lent-post.ts'
import { SeedIdentity } from './seed-identity.ts'

const day = 86_400_000
/** ms between two requests for the assignment, and two checks of each post's manifest. */
const defaultRefreshInterval = 60_000
/** ms that an offer holds; it is made anew each day. */
const offerTerm = 30 * day

/** What a seed that is lent to other sites is started with. */
export interface CommunitySeedOptions {
  /** Origin of the server. */
  readonly server: string
  /** The site that gets the credit, and a seed token of it. */
  readonly owner: SiteId
  readonly token: string
  /** ISO 3166-1 alpha-2 country of this machine. */
  readonly country: string
  /** Folder of the durable key and the chunks. */
  readonly directory: string
  /** Bytes of chunks on the disk at most, all posts together. */
  readonly maxBytes: number
  /** Bytes that are sent in a UTC day at most. */
  readonly bytesPerDay: number
  /** Pages and media may have private addresses. @default false */
  readonly allowPrivateAddresses?: boolean
  /** ms between two checks. @default 60_000 */
  readonly refreshInterval?: number
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
  /** Called after every change, and with what went wrong. */
  readonly onChange?: (state: CommunitySeedState) => void
  readonly onProblem?: (problem: Error) => void
}

/** How a lent seed stands. */
export interface CommunitySeedState {
  /** The durable key. */
  readonly seed: PeerId
  readonly posts: readonly (SeedState & { readonly site: SiteId; readonly post: PostId })[]
  /** Bytes sent to readers since the start. */
  readonly sent: number
}

/** A lent seed at work. */
export interface RunningCommunitySeed {
  readonly state: () => CommunitySeedState
  /** Leaves every swarm. Chunks stay on the disk until their leases end. */
  stop(): Promise<void>
}

/**
 * Offers this machine to the sites of a community, and serves the posts that are assigned to it until it is stopped. Resolves when
 * the first assignment has been followed.
 * @throws {SeedError} `refused` if the server refuses the offer, `disk` if the folder cannot be used
 */
export async function startCommunitySeed(options: CommunitySeedOptions): Promise<RunningCommunitySeed> {
  if (!siteIdPattern.test(options.owner)) throw new SeedError('refused', 'That is no id of a site.')
  const { now = Date.now, directory } = options
  const identity = await SeedIdentity.open(directory)
  const folder = await LentFolder.open(directory, now())
  const client = new LendingClient({ ...options, identity, now })
  const running = new CommunitySeed(options, { identity, folder, client })
  await running.refresh()
  return { state: () => running.state(), stop: () => running.stop() }
}

class CommunitySeed {
  readonly #options: CommunitySeedOptions
  readonly #seed: PeerId
  readonly #folder: LentFolder
  readonly #client: LendingClient
  readonly #guard: Guard
  readonly #fetch: typeof fetch | ReturnType<typeof createGuardedFetch>
  readonly #posts = new Map<string, LentPost>()
  /** Bytes of each post that are in the folder's counts. */
  readonly #counted = new Map<LentPost, number>()
  readonly #now: () => number
  #epoch: string
  #offeredAt = -Infinity
  #timer: NodeJS.Timeout | undefined
  #refreshing: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(
    options: CommunitySeedOptions,
    parts: { readonly identity: SeedIdentity; readonly folder: LentFolder; readonly client: LendingClient },
  ) {
    const { server, allowPrivateAddresses = false, now = Date.now, onProblem } = options
    this.#options = options
    this.#seed = parts.identity.seed
    this.#folder = parts.folder
    this.#client = parts.client
    this.#guard = new Guard(onProblem)
    this.#fetch = allowPrivateAddresses ? fetch : createGuardedFetch(new URL(server).origin)
    this.#now = now
    this.#epoch = this.#today()
  }

  state(): CommunitySeedState {
    const posts = [...this.#posts].flatMap(([key, lent]) => {
      const state = lent.state()
      const [site = '', post = ''] = key.split('/')
      return state === null ? [] : [{ ...state, site, post }]
    })
    const sent = [...this.#posts.values()].reduce((sum, lent) => sum + lent.sent, 0)
    return { seed: this.#seed, posts, sent }
  }

  /** Repeats itself until the seed is stopped. The first offer must be accepted; later failures are reported. */
  async refresh(): Promise<void> {
    this.#refreshing = this.#refreshOnce()
    await this.#refreshing
    if (this.#isStopped) return
    const { refreshInterval = defaultRefreshInterval } = this.#options
    this.#timer = setTimeout(() => this.#guard.settle(this.refresh()), refreshInterval)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#refreshing.catch(() => undefined)
    for (const lent of this.#posts.values()) lent.pause()
    this.#countSent()
    await this.#folder.save()
  }

  async #refreshOnce(): Promise<void> {
    const isFirst = this.#offeredAt === -Infinity
    try {
      await this.#offer()
      await this.#follow(await this.#client.assignment())
    } catch (problem) {
      if (isFirst && problem instanceof LendingRefusal) throw problem
      this.#guard.report(problem)
      // A seed that a proof convicted, or whose offer was ended, serves nothing more.
      if (problem instanceof LendingRefusal && problem.problem === 'revoked') await this.#dropAll()
    }
    await this.#lookAfterAll()
    this.#options.onChange?.(this.state())
  }

  async #offer(): Promise<void> {
    if (this.#now() - this.#offeredAt < day) return
    await this.#client.offer({ ...this.#options, term: offerTerm }, this.#options.token)
    this.#offeredAt = this.#now()
  }

  /** Extends the leases of assigned posts, begins new ones, and deletes the others. */
  async #follow({ lease, posts }: Assignment): Promise<void> {
    const leaseEnds = this.#now() + lease
    const keys = new Set(posts.map(({ site, post }) => `${site}/${post}`))
    for (const record of this.#folder.posts) {
      if (!keys.has(`${record.site}/${record.post}`)) await this.#drop(record)
    }
    for (const assigned of posts) {
      const known = this.#folder.get(assigned.site, assigned.post)
      this.#folder.set({ ...assigned, leaseEnds, config: known?.config ?? null })
    }
    await this.#folder.save()
  }

  async #lookAfterAll(): Promise<void> {
    this.#countSent()
    const isNewEpoch = this.#epoch !== this.#today()
    this.#epoch = this.#today()
    for (const record of this.#folder.posts) {
      if (this.#isStopped) return
      try {
        await this.#lookAfter(record, isNewEpoch)
      } catch (problem) {
        this.#guard.report(problem)
        if (problem instanceof SeedError && problem.code === 'no-manifest') await this.#drop(record)
      }
    }
    await this.#folder.save()
  }

  async #lookAfter(record: ReturnType<LentFolder['get']> & object, isNewEpoch: boolean): Promise<void> {
    const key = `${record.site}/${record.post}`
    if (record.leaseEnds <= this.#now()) return this.#drop(record)
    const lent = this.#posts.get(key)
    if (lent === undefined) return this.#begin(key, record)
    if (!(await lent.lookAfter())) return this.#drop(record)
    const isOver = this.#isOverQuota(record.site, lent)
    if (isOver) lent.pause()
    else if (isNewEpoch || lent.isPaused) await lent.restart()
  }

  async #begin(key: string, record: ReturnType<LentFolder['get']> & object): Promise<void> {
    const lent = await LentPost.begin({
      seed: this.#seed,
      server: this.#options.server,
      assigned: record,
      directory: this.#folder.directoryOf(record),
      config: record.config,
      fetch: this.#fetch,
      fetchTicket: () => this.#ticket(record),
      guard: this.#guard,
      now: this.#now,
      onChange: () => this.#changed(record.site),
    })
    this.#posts.set(key, lent)
    this.#folder.set({ ...record, config: lent.config })
  }

  /** Returns null if this seed may not join the swarm now; another attempt follows with the next check. */
  async #ticket({ site, post }: { readonly site: SiteId; readonly post: PostId }): Promise<string | null> {
    try {
      return await this.#client.ticket(site, post)
    } catch (problem) {
      if (!(problem instanceof LendingRefusal)) throw problem
      this.#guard.report(problem)
      return null
    }
  }

  #changed(site: SiteId): void {
    this.#countSent()
    for (const [key, lent] of this.#posts) {
      if (key.startsWith(`${site}/`) && this.#isOverQuota(site, lent)) lent.pause()
    }
    this.#options.onChange?.(this.state())
  }

  #isOverQuota(site: SiteId, { grant }: LentPost): boolean {
    const today = this.#today()
    return (
      this.#folder.sentOn(today, site) >= grant.bytesPerDay ||
      this.#folder.sentOn(today) >= this.#options.bytesPerDay
    )
  }

  #countSent(): void {
    for (const [key, lent] of this.#posts) {
      const more = lent.sent - (this.#counted.get(lent) ?? 0)
      if (more <= 0) continue
      this.#counted.set(lent, lent.sent)
      this.#folder.addSent(this.#today(), key.slice(0, key.indexOf('/')), more)
    }
  }

  async #dropAll(): Promise<void> {
    for (const record of this.#folder.posts) await this.#drop(record)
  }

  async #drop(record: { readonly site: SiteId; readonly post: PostId }): Promise<void> {
    const key = `${record.site}/${record.post}`
    const lent = this.#posts.get(key)
    lent?.pause()
    this.#countSent()
    this.#posts.delete(key)
    if (lent !== undefined) this.#counted.delete(lent)
    await this.#folder.remove(record)
  }

  #today(): string {
    return new Date(this.#now()).toISOString().slice(0, 10)
  }
}
