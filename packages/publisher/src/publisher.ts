import {
  type EventMessage,
  type MessageOfSite,
  readAs,
  readSignedMessage,
  type SignedMessage,
  verifySignedMessage,
} from '@peerpress/connectors'
import type { PublishedPost, Receipt, Registry, Site } from '@peerpress/registry'
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
import { defaultFetchLimits, type FetchLimits } from './fetch/fetch-limits.ts'
import { MediaResults } from './fetch/media-results.ts'
import { Listeners } from './listeners.ts'
import { createPageReader, type PageReaderOptions } from './page/page-reader.ts'
import type { JobOutcome } from './manifest/job-outcome.ts'
import {
  concurrentJobs,
  endJobFor,
  endQueue,
  isOnSite,
  jobFor,
  keyOf,
  publicationQueue,
  runEndJob,
  runJob,
} from './manifest/publication-jobs.ts'
import type { PublicationContext } from './manifest/publication.ts'
import { PublisherError } from './publisher-error.ts'
import { recordOutcome } from './manifest/record-outcome.ts'
import { rotateSigningKey } from './manifest/rotate-signing-key.ts'
import { RunningPublications } from './manifest/running-publications.ts'
import { hasChallenge } from './fetch/fetch-challenge.ts'
import { createSiteClient } from './fetch/site-client.ts'
import { findSite, requireConnected } from './find-site.ts'
import { createEventIntake, type EventsReceipt } from './receive-events.ts'
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

/** Receives events of sites, and stores signed manifests and their assets. */
export interface Publisher {
  /**
   * Accepts a site's signed message: one event, or a batch of events of posts. Each event is accepted separately, in the order of the
   * batch. If an error occurs in the middle, a repetition of the batch finds the first events already accepted.
   * @throws {ConnectorError} the errors of `readMessage`
   * @throws {PublisherError} `foreign-url` for a single event.
   */
  receiveEvents(message: SignedMessage): Promise<EventsReceipt>
  /**
   * Accepts events that a connector has verified, like `receiveEvents`.
   * @throws {PublisherError} `disconnected`, and `foreign-url` for a single event.
   */
  receiveChanges(site: Site, message: EventMessage): Promise<EventsReceipt>
  /** Returns the number of unknown fields of later releases that were ignored since the start. */
  unknownFields(): number
  /**
   * Verifies a signed message of a site's CMS, of any kind.
   * @throws {ConnectorError} `unknown-site`, `bad-signature`, `stale`, `bad-event`, `other-home`, `disconnected`.
   */
  readMessage(message: SignedMessage): Promise<MessageOfSite>
  /**
   * Ends a site's connection, as its signed message requests. From now on the site publishes nothing. In the background
   * its posts are revoked and their files removed. A repeated call has no further effect.
   * @throws {ConnectorError} the errors of `readMessage`, except `disconnected`.
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
   * Draws a site's signing key anew and signs its manifests again. Former keys sign along for a while, unless they end.
   * @throws {RegistryError} `unknown-site`
   */
  rotateSigningKey(
    site: SiteId,
    options: { readonly actor: string; readonly endsFormer: boolean },
  ): Promise<void>
  /**
   * Returns the receipts of the posts that a site's signed message names, if they have one.
   * @throws {ConnectorError} the errors of `readMessage`.
   */
  receipts(message: SignedMessage): Promise<readonly Receipt[]>
  /**
   * Fetches the list of challenges of a site that is being connected, from a public address only. Returns whether the
   * challenge is in it.
   */
  hasChallenge(pending: { readonly url: string; readonly challenge: string }): Promise<boolean>
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

/** As many posts as a page of a CMS's list shows. */
const receiptsSchema = v.object({ posts: v.pipe(v.array(postIdSchema), v.maxLength(100)) })

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
  const context: PublicationContext = {
    registry,
    client,
    pages,
    store,
    limits,
    mediaResults: new MediaResults(),
  }
  const unread = new UnreadPosts(registry)
  const sweeps = new AssetSweeps({ registry, store })
  const outcomes = new Listeners<JobOutcome>()
  const running = new RunningPublications()
  const report = async (outcome: JobOutcome) => {
    await recordOutcome(registry, outcome)
    outcomes.call(outcome)
  }
  const onJobDone = (listener: (outcome: JobOutcome) => void) => outcomes.add(listener)

  /** Stops what `start` has started. */
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
    for (const { site: id, post, url, isAwaited } of await unread.load(publicationQueue)) {
      // A waiting job is more recent than this one: the site may have revoked the post since.
      if (isAwaited) continue
      const site = await findSite(registry, id)
      // The URL may be of an older release, or the site may have changed. Such a post stays unread until its next
      // event.
      if (!isOnSite(site, url)) continue
      await registry.jobs.enqueue(jobFor(site, { site: id, post, url, revoke: false }))
    }
    ending.push(
      await registry.jobs.work(publicationQueue, concurrentJobs, async (job) => {
        await runJob(job, { ...context, running }, report)
      }),
      await registry.jobs.work(endQueue, 1, (job) => runEndJob(job, context, report)),
    )
  }

  const events = createEventIntake({ registry, running })

  return {
    ...events,
    readMessage: (signed) => readSignedMessage(registry, signed),
    disconnect: async (signed) => {
      const { site } = await verifySignedMessage(registry, signed)
      await registry.sites.disconnect(site.id)
      running.disconnect(keyOf(site.id, ''))
    },
    receipts: async (signed) => {
      const { site, content } = await readSignedMessage(registry, signed)
      return registry.outcomes.of(site.id, readAs(receiptsSchema, content).posts)
    },
    publish: async (id, post, url) => {
      if (!v.is(postIdSchema, post)) throw new PublisherError('bad-post', 'the post id is not valid')
      const site = requireConnected(await findSite(registry, id))
      if ((await registry.statements.get(id, post))?.says === 'withdrawn') {
        throw new PublisherError('withdrawn', 'the site has withdrawn this post: publish it there again')
      }
      await registry.jobs.enqueue(jobFor(site, { site: id, post, url, revoke: false }))
    },
    rotateSigningKey: (site, options) => rotateSigningKey(registry, site, options),
    removeSite: async (site) => {
      // Files are removed first, so that after a crash the registry still lists them.
      for (const id of await registry.assets.onlyOf(site)) {
        // Another site may have published the same bytes in the meantime.
        await store.remove(id, async () => (await registry.assets.onlyOf(site, [id])).length === 0)
      }
      return registry.sites.remove(site)
    },
    hasChallenge: (pending) => hasChallenge(client, pending),
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
