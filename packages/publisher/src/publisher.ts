import { randomUUID } from 'node:crypto'
import {
  type EventJob,
  parseHttpUrl,
  type PublishedPost,
  type Receipt,
  type Registry,
  RegistryError,
  type RunningJob,
  type Site,
} from '@peerpress/registry'
import {
  type AssetId,
  assetIdSchema,
  type PostId,
  postIdSchema,
  type SiteId,
  siteIdSchema,
} from '@peerpress/wire'
import * as v from 'valibot'
import type { ResolveAll } from './fetch/address-guard.ts'
import { createAssetStore } from './assets/asset-store.ts'
import { endPublications } from './manifest/end-publications.ts'
import { type PostEvent, readEvents, type RefusedEvent } from './event.ts'
import { defaultFetchLimits, type FetchLimits } from './fetch/fetch-limits.ts'
import { FirstLooks } from './fetch/first-looks.ts'
import { Listeners } from './listeners.ts'
import { createPageReader, type PageReaderOptions } from './page/page-reader.ts'
import type { JobOutcome } from './manifest/job-outcome.ts'
import type { PublicationContext, PublicationResult } from './manifest/publication.ts'
import { publishPost } from './manifest/publish-post.ts'
import { PublisherError } from './publisher-error.ts'
import { recordOutcome } from './manifest/record-outcome.ts'
import { RunningPublications } from './manifest/running-publications.ts'
import { createSiteClient } from './fetch/site-client.ts'
import { isHomeOf, type MessageHeaders, readAs, type SiteMessage, verifySiteMessage } from './site-message.ts'
import { publisherSubscriber } from './subscriber.ts'
import { AssetSweeps } from './assets/sweep-assets.ts'
import { UnreadPosts } from './manifest/unread-posts.ts'

export interface PublisherOptions {
  readonly registry: Registry
  /** The folder of the asset files. No other publisher may use it. */
  readonly directory: string
  /** Limits of fetches. @default 256 MiB per asset, 1 GiB per post, see `defaultFetchLimits` */
  readonly fetchLimits?: Partial<FetchLimits>
  /** Time and memory limits for reading a page's HTML. @default 20 s, 256 MiB */
  readonly pageReader?: PageReaderOptions
  /** Resolves host names. @default the system's resolver */
  readonly resolveAll?: ResolveAll
}

/** An asset that can be served: a file that never changes. */
export interface AssetFile {
  readonly path: string
  readonly type: string
  /** bytes */
  readonly size: number
}

/** A request of a site's CMS, signed with the site's webhook secret. */
export interface SignedMessage {
  readonly site: SiteId
  readonly headers: MessageHeaders
  readonly body: Buffer
}

/** The result of receiving the events of one message. */
export interface EventsReceipt {
  /** Whether the message was a batch. Otherwise it was one event, which was accepted or repeated. */
  readonly isBatch: boolean
  readonly accepted: number
  /** Number of events that were accepted before. They have no further effect. */
  readonly repeated: number
  /** Events of a batch that were refused. The others were accepted. */
  readonly refused: readonly RefusedEvent[]
}

/** Receives events of sites, and stores signed manifests and their assets. */
export interface Publisher {
  /**
   * Accepts a site's signed message: one event, or a batch. Each event is accepted separately, in the order of the
   * batch. If an error occurs in the middle, a repetition of the batch finds the first events already accepted.
   * @throws {PublisherError} the errors of `readMessage`, and `foreign-url` for a single event.
   */
  receiveEvents(message: SignedMessage): Promise<EventsReceipt>
  /** Returns the number of unknown fields of later releases that were ignored since the start. */
  unknownFields(): number
  /**
   * Verifies a signed message of a site's CMS, of any kind.
   * @throws {PublisherError} `unknown-site`, `bad-signature`, `stale`, `bad-event`, `other-home`, `disconnected`.
   */
  readMessage(message: SignedMessage): Promise<SiteMessage & { readonly site: Site }>
  /**
   * Ends a site's connection, as its signed message requests. From now on the site publishes nothing. In the background
   * its posts are revoked and their files removed. A repeated call has no further effect.
   * @throws {PublisherError} the errors of `readMessage`, except `disconnected`.
   */
  disconnect(message: SignedMessage): Promise<void>
  /**
   * Publishes a post without an event.
   * @throws {PublisherError} `unknown-site`, `disconnected`, `bad-post`, `foreign-url`, `withdrawn`.
   */
  publish(site: SiteId, post: PostId, url: string): Promise<void>
  /**
   * Removes a site from the registry, and the files that no other site needs. Returns false if the site was not
   * registered.
   */
  removeSite(site: SiteId): Promise<boolean>
  /**
   * Returns the receipts of the posts that a site's signed message names, if they have one.
   * @throws {PublisherError} the errors of `readMessage`.
   */
  receipts(message: SignedMessage): Promise<readonly Receipt[]>
  /** Returns the latest signed manifest, an envelope as JSON; null if the post was never published. */
  manifest(site: SiteId, post: PostId): Promise<string | null>
  /** Returns its version, which reads one short row; null if the post was never published. */
  manifestVersion(site: SiteId, post: PostId): Promise<number | null>
  /**
   * Returns whether the post was restored from a backup and not read from its site since. Its manifest may be outdated,
   * so it must not be used yet.
   */
  isUnread(site: SiteId, post: PostId): Promise<boolean>
  /** Returns the file of an asset that some post has now, or null. */
  asset(id: AssetId): Promise<AssetFile | null>
  /** Returns whether some post had the asset in the last 90 days and none has it now. */
  isReleased(id: AssetId): Promise<boolean>
  /** Starts to work on jobs, including those of a killed server, and enqueues unread restored posts. */
  start(): Promise<void>
  /** Completes the jobs in progress or returns them to the queue. */
  stop(): Promise<void>
  /** Calls `listener` after every run of a job until the returned function is called. */
  onJobDone(listener: (outcome: JobOutcome) => void): () => void
  /** Resolves once the post's recorded version is `version` or higher. */
  settled(site: SiteId, post: PostId, version: number): Promise<PublishedPost>
}

const queue = 'publish'
/** Jobs that revoke all posts of a site that has disconnected. */
const endQueue = 'end-publications'
/**
 * Maximum number of posts that are published simultaneously, each of a different site. A slow site holds one worker and
 * leaves three.
 */
const concurrentJobs = 4

const jobSchema = v.object({
  site: siteIdSchema,
  post: postIdSchema,
  url: v.pipe(v.string(), v.url()),
  revoke: v.boolean(),
  /** Id of the request. Jobs of older releases have none. */
  asked: v.optional(v.string()),
})
type Job = v.InferOutput<typeof jobSchema>

/** As many posts as a page of a CMS's list shows. */
const receiptsSchema = v.object({ posts: v.pipe(v.array(postIdSchema), v.maxLength(100)) })

const endJobSchema = v.object({ site: siteIdSchema })

export function createPublisher({
  registry,
  directory,
  fetchLimits,
  pageReader,
  resolveAll,
}: PublisherOptions): Publisher {
  const limits = { ...defaultFetchLimits, ...fetchLimits }
  const store = createAssetStore(directory)
  const client = createSiteClient({ limits, resolveAll })
  const pages = createPageReader(pageReader)
  const context: PublicationContext = { registry, client, pages, store, limits, looks: new FirstLooks() }
  const unread = new UnreadPosts(registry)
  const sweeps = new AssetSweeps({ registry, store })
  const outcomes = new Listeners<JobOutcome>()
  const running = new RunningPublications()
  const report = async (outcome: JobOutcome) => {
    await recordOutcome(registry, outcome)
    outcomes.call(outcome)
  }
  const onJobDone = (listener: (outcome: JobOutcome) => void) => outcomes.add(listener)

  const tally = { unknownFields: 0 }
  /** Ends what `start` began. */
  const ending: (() => Promise<void>)[] = []

  const start = async (): Promise<void> => {
    await store.removeLeftovers()
    sweeps.start()
    ending.push(() => sweeps.stop())
    await registry.jobs.start()
    ending.push(
      await registry.outbox.subscribe(publisherSubscriber, async ({ type, site }) => {
        if (type === 'site.disconnected') await registry.jobs.enqueue(endJobFor(site))
      }),
    )
    for (const { site: id, post, url, isAwaited } of await unread.load(queue)) {
      // A job that waits knows more than this one would: the site may have revoked the post since.
      if (isAwaited) continue
      const site = await findSite(registry, id)
      // An address of an older release, or of a site that has changed since, stays unread until the site tells a better one.
      if (!isOnSite(site, url)) continue
      await registry.jobs.enqueue(jobFor(site, { site: id, post, url, revoke: false }))
    }
    ending.push(
      await registry.jobs.work(queue, concurrentJobs, async (job) => {
        await runJob(job, { ...context, running }, report)
      }),
      await registry.jobs.work(endQueue, 1, async ({ data, attempt, signal }) => {
        if (!v.is(endJobSchema, data)) return
        for (const { post, result } of await endPublications(data.site, context, { attempt, signal }))
          await report({ site: data.site, post, attempt, ...result })
      }),
    )
  }

  return {
    unknownFields: () => tally.unknownFields,
    receiveEvents: async (signed) => {
      const { site, ...message } = await readMessage(registry, signed)
      const { isBatch, events, refused: malformed } = readEvents(message, tally)
      const refused = [...malformed]
      let accepted = 0
      for (const event of events) {
        try {
          const isNew = await registry.events.claim(site.id, event.id, eventJob(site, event))
          if (isNew) accepted++
          if (isNew && event.statement.says !== 'published') running.withdraw(keyOf(site.id, event.post))
        } catch (error) {
          const isForeign = error instanceof PublisherError && error.code === 'foreign-url'
          if (!isBatch || !isForeign) throw error
          refused.push({ id: event.id, code: 'foreign-url', detail: error.message })
        }
      }
      const repeated = events.length + malformed.length - accepted - refused.length
      return { isBatch, accepted, repeated, refused }
    },
    readMessage: (signed) => readMessage(registry, signed),
    disconnect: async (signed) => {
      const { site } = await verifyMessage(registry, signed)
      await registry.sites.disconnect(site.id)
      running.disconnect(keyOf(site.id, ''))
    },
    receipts: async (signed) => {
      const { site, content } = await readMessage(registry, signed)
      return registry.outcomes.of(site.id, readAs(receiptsSchema, content).posts)
    },
    publish: async (id, post, url) => {
      if (!v.is(postIdSchema, post)) throw new PublisherError('bad-post', 'not an id a post may have')
      const site = requireConnected(await findSite(registry, id))
      if ((await registry.statements.get(id, post))?.says === 'withdrawn') {
        throw new PublisherError('withdrawn', 'the site has withdrawn this post: publish it there again')
      }
      await registry.jobs.enqueue(jobFor(site, { site: id, post, url, revoke: false }))
    },
    removeSite: async (site) => {
      // Files are removed first, so that after a crash the registry still lists them.
      for (const id of await registry.assets.onlyOf(site)) {
        // Another site may have published the same bytes in the meantime.
        await store.remove(id, async () => (await registry.assets.onlyOf(site, [id])).length === 0)
      }
      return registry.sites.remove(site)
    },
    manifest: async (site, post) => (await registry.posts.get(site, post))?.envelope ?? null,
    manifestVersion: async (site, post) =>
      v.is(siteIdSchema, site) && v.is(postIdSchema, post)
        ? ((await registry.posts.summary(site, post))?.version ?? null)
        : null,
    isUnread: async (site, post) =>
      v.is(siteIdSchema, site) && v.is(postIdSchema, post) && unread.has(site, post),
    asset: async (id) => {
      const asset = v.is(assetIdSchema, id) ? await registry.assets.get(id) : null
      const path = asset === null ? null : await store.find(asset.id, asset.size)
      return asset === null || path === null ? null : { path, type: asset.type, size: asset.size }
    },
    isReleased: async (id) => v.is(assetIdSchema, id) && registry.assets.isReleased(id),
    start: async () => {
      try {
        await start()
      } catch (error) {
        await Promise.allSettled(ending.splice(0).map((end) => end()))
        throw error
      }
    },
    stop: async () => {
      try {
        await Promise.all(ending.splice(0).map((end) => end()))
      } finally {
        await Promise.all([client.close(), pages.close()])
      }
    },
    onJobDone,
    settled: (site, post, version) =>
      new Promise((resolve, reject) => {
        const check = async () => {
          const found = await registry.posts.get(site, post)
          if (found === null || found.version < version) return
          off()
          resolve(found)
        }
        const fail = (error: unknown) => {
          off()
          reject(error)
        }
        const off = onJobDone((outcome) => {
          if (outcome.site === site && outcome.post === post) check().catch(fail)
        })
        check().catch(fail)
      }),
  }
}

async function runJob(
  { data, attempt, signal }: RunningJob,
  { running, ...context }: PublicationContext & { readonly running: RunningPublications },
  report: (outcome: JobOutcome) => Promise<void>,
): Promise<void> {
  // A queued job may be older than this release or the site's settings, so it is validated.
  if (!v.is(jobSchema, data)) return
  const site = await context.registry.sites.get(data.site)
  if (site === null || site.disconnectedAt !== null || !isOnSite(site, data.url)) return
  const { post, url, revoke, asked } = data
  const run = { site: site.id, post, attempt }
  let failed: PublisherError | null | undefined
  try {
    const onEarly = (result: PublicationResult) => report({ ...run, ...result })
    const task = { site, post, url, revoke, asked, attempt, signal, onEarly }
    const { failure, ...result } = await running.run(keyOf(site.id, post), (withdrawn) =>
      publishPost({ ...task, withdrawn }, context),
    )
    failed = failure
    await report({ ...run, ...result })
  } catch (error) {
    // A separate job revokes its posts.
    if (isDisconnect(error)) return
    const code = error instanceof PublisherError ? error.code : 'internal'
    await report({
      ...run,
      result: 'failed',
      code,
      message: error instanceof Error ? error.message : String(error),
    })
    // The same page would fail in the same way again.
    if (code !== 'unreadable-page' && code !== 'unsupported-encoding') throw error
  }
  // The post is published, and media that failed are tried again.
  if (failed) throw failed
}

function isDisconnect(error: unknown): boolean {
  return (error instanceof RegistryError || error instanceof PublisherError) && error.code === 'disconnected'
}

async function readMessage(
  registry: Registry,
  signed: SignedMessage,
): Promise<SiteMessage & { readonly site: Site }> {
  const message = await verifyMessage(registry, signed)
  requireConnected(message.site)
  return message
}

async function verifyMessage(
  registry: Registry,
  { site: id, headers, body }: SignedMessage,
): Promise<SiteMessage & { readonly site: Site }> {
  const [site, secret] = await Promise.all([findSite(registry, id), registry.sites.webhookSecret(id)])
  if (secret === null) throw unknownSite()
  const message = verifySiteMessage(secret, headers, body)
  if (!isHomeOf(site, message.homeUrl)) {
    throw new PublisherError('other-home', `signed by ${message.homeUrl}, but the site is ${site.url}`)
  }
  return { ...message, site }
}

async function findSite(registry: Registry, id: SiteId): Promise<Site> {
  const site = await registry.sites.get(id)
  if (site === null) throw unknownSite()
  return site
}

function requireConnected(site: Site): Site {
  if (site.disconnectedAt === null) return site
  throw new PublisherError('disconnected', 'the site has disconnected; connect it again to publish')
}

function endJobFor(site: SiteId) {
  return { name: endQueue, key: site, group: site, data: { site } }
}

function jobFor(site: Site, job: Job) {
  if (!isOnSite(site, job.url))
    throw new PublisherError('foreign-url', 'not on an origin registered for the site')
  return {
    name: queue,
    key: keyOf(job.site, job.post),
    group: job.site,
    data: { ...job, asked: randomUUID() },
  }
}

/** Returns the job of an event, with the event's statement. */
function eventJob(site: Site, { post, url, statement }: PostEvent): EventJob {
  const revoke = statement.says !== 'published'
  const job = jobFor(site, { site: site.id, post, url, revoke })
  // A revocation is only a row and a signature, so it does not wait behind the site's publications.
  return { ...job, isUrgent: revoke, statement: { ...statement, post } }
}

function keyOf(site: SiteId, post: PostId): string {
  return `${site}/${post}`
}

function isOnSite(site: Site, url: string): boolean {
  const parsed = parseHttpUrl(url)
  return parsed !== null && site.origins.includes(parsed.origin)
}

function unknownSite(): PublisherError {
  return new PublisherError('unknown-site', 'no site has this id')
}
