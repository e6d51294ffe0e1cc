import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { PublishedAsset, PublishedPost, Registry, Site } from '@peerpress/registry'
import { decodeEnvelope, decodeManifest, decodeSnapshot, type PostId, type Snapshot } from '@peerpress/wire'
import type { AssetStore } from './asset-store.ts'
import type { FetchLimits } from './fetch-limits.ts'
import { type FetchedMedia, MediaFetch } from './fetch-media.ts'
import { fetchPage, type Page } from './fetch-page.ts'
import type { FirstLooks } from './first-looks.ts'
import type { MediaSummary } from './left-out.ts'
import type { PageReader } from './page/page-reader.ts'
import { storeSnapshot } from './page-snapshot.ts'
import { PublisherError } from './publisher-error.ts'
import { signManifest } from './sign-manifest.ts'
import type { SiteClient } from './site-client.ts'

/** How a publication ended. */
export type PublicationResult =
  | ({ readonly result: 'published'; readonly version: number } & MediaSummary)
  /** The same page and assets as the latest publication, or revoked as before: no new version. */
  | ({ readonly result: 'unchanged'; readonly version: number } & MediaSummary)
  | { readonly result: 'revoked'; readonly version: number }
  /** Not public, and never published here. */
  | { readonly result: 'absent' }

export interface PublicationTask {
  readonly site: Site
  readonly post: PostId
  readonly url: string
  /** The CMS says that the post is not public any more: it is not asked again, a cache may still have it. */
  readonly revoke: boolean
  /** Names the request that the job serves; the same for all its attempts. */
  readonly asked?: string | undefined
  /** 0 the first time. */
  readonly attempt: number
  readonly signal: AbortSignal
  /** Called when a version is published while media are still being fetched. */
  readonly onEarly: (result: PublicationResult) => void
}

export interface PublicationContext {
  readonly registry: Registry
  readonly client: SiteClient
  readonly pages: PageReader
  readonly store: AssetStore
  readonly limits: FetchLimits
  readonly looks: FirstLooks
}

/** A publication, and why it should be tried again: some media failed. */
export type AttemptedPublication = PublicationResult & { readonly failure?: PublisherError | null }

/**
 * Looks at the post as the public sees it now, and records a publication when that changed.
 * @throws {PublisherError} when trying again later may help.
 */
export async function publishPost(
  task: PublicationTask,
  context: PublicationContext,
): Promise<AttemptedPublication> {
  const deadline = new AbortController()
  const { postTimeout } = context.limits
  const late = new PublisherError('timeout', `the post was not fetched within ${postTimeout} ms`)
  const timer = setTimeout(() => deadline.abort(late), postTimeout)
  try {
    return await publishInTime({ ...task, signal: AbortSignal.any([task.signal, deadline.signal]) }, context)
  } finally {
    clearTimeout(timer)
  }
}

async function publishInTime(
  task: PublicationTask,
  context: PublicationContext,
): Promise<AttemptedPublication> {
  const { site, post, url, signal } = task
  const latest = await context.registry.posts.get(site.id, post)
  const page = task.revoke ? { public: false as const } : await fetchPage(site, url, { ...context, signal })
  if (!page.public) {
    if (latest === null) return { result: 'absent' }
    if (latest.revoked) return { result: 'unchanged', version: latest.version, ...noMedia }
    const gone = { url: latest.url, revoked: true, assets: [], snapshot: null, latest }
    const { version } = await record(task, context, gone)
    return { result: 'revoked', version }
  }
  return publishPage(page, task, context)
}

/**
 * Publishes a page as soon as its media are there; after `publishAfter` those that are, and the others in one later
 * version.
 */
async function publishPage(
  page: PublicPage,
  task: PublicationTask,
  context: PublicationContext,
): Promise<AttemptedPublication> {
  const { site, post, asked } = task
  const key = `${site.id}/${post}`
  const published = await context.registry.posts.assets(site.id, post)
  const looks = context.looks.of(key, page, asked)
  const { media, leftOut, url } = page
  const stop = new AbortController()
  const stoppable = { ...task, signal: AbortSignal.any([task.signal, stop.signal]) }
  const pageOrigin = url.origin
  const fetching = new MediaFetch({ task: stoppable, context, media, leftOut, pageOrigin, published, looks })
  const snapshot = page.snapshot && (await storeSnapshot(page.snapshot, context.store))
  const done = fetching.run()
  try {
    const publish = () => publishMedia(fetching.soFar(), { page, snapshot }, { task, context })
    if (await isPending(done, context.limits.publishAfter)) task.onEarly(await publish())
    const failure = await done
    return { ...(await publish()), failure }
  } finally {
    // When the early version could not be recorded, nothing may run on after the job.
    stop.abort()
    await done.catch(() => null)
    context.looks.remember(key, page, { asked, looks: fetching.looks() })
  }
}

type PublicPage = Extract<Page, { public: true }>

/** Whether the work takes longer than `ms`. */
async function isPending(work: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController()
  const over = wait(ms, true, { signal: timer.signal }).catch(() => true)
  const isLate = await Promise.race([work.then(() => false), over])
  timer.abort()
  return isLate
}

async function publishMedia(
  { assets, summary }: FetchedMedia,
  { page, snapshot }: { readonly page: PublicPage; readonly snapshot: Snapshot | null },
  { task, context }: { readonly task: PublicationTask; readonly context: PublicationContext },
): Promise<PublicationResult> {
  const { site, post } = task
  const latest = await context.registry.posts.get(site.id, post)
  const previous = await context.registry.posts.assets(site.id, post)
  const content = { url: page.url.href, revoked: false, assets, snapshot, latest }
  if (latest !== null && isSame(latest, previous, content)) {
    await context.registry.restored.read(site.id, post)
    return { result: 'unchanged', version: latest.version, ...summary }
  }
  const { version } = await record(task, context, content)
  return { result: 'published', version, ...summary }
}

const noMedia: MediaSummary = { assets: 0, leftOut: [], leftOutCounts: {}, pending: 0 }

function isSame(
  latest: PublishedPost,
  previous: readonly PublishedAsset[],
  { url, assets, snapshot }: Content,
): boolean {
  const namesOf = (list: readonly PublishedAsset[]) =>
    list
      .map((asset) => `${asset.url} ${asset.id} ${asset.type} ${asset.disposition ?? ''}`)
      .toSorted()
      .join('\n')
  return (
    !latest.revoked &&
    latest.url === url &&
    namesOf(previous) === namesOf(assets) &&
    isDeepStrictEqual(snapshotIn(latest), snapshot)
  )
}

/** The snapshot of a publication; null when it has none. */
function snapshotIn({ envelope }: PublishedPost): Snapshot | null {
  const { snapshot } = decodeManifest(decodeEnvelope(envelope).payload)
  return snapshot === undefined ? null : decodeSnapshot(snapshot)
}

interface Content {
  readonly url: string
  readonly revoked: boolean
  readonly assets: readonly PublishedAsset[]
  readonly snapshot: Snapshot | null
  readonly latest: PublishedPost | null
}

async function record(
  { site, post }: PublicationTask,
  { registry, store }: PublicationContext,
  { url, revoked, assets, snapshot, latest }: Content,
): Promise<PublishedPost> {
  const version = Math.max(latest?.version ?? 0, await registry.restored.versionFloor()) + 1
  const manifest = {
    site: site.id,
    post,
    version,
    issuedAt: Date.now(),
    url,
    revoked,
    assets: assets.map(({ hashes, ...asset }) => ({ ...asset, hashes: Uint8Array.from(hashes) })),
    ...(snapshot && { snapshot }),
  }
  const envelope = signManifest(manifest, site, await registry.sites.signingKey(site.id))
  const publication = { site: site.id, post, url, version, revoked, envelope, assets, snapshot }
  const recorded = await registry.posts.record(publication)
  const replaced = latest && snapshotIn(latest)
  // What a post said before it was changed or revoked stays nowhere, unless another post says the same.
  if (replaced && (await registry.assets.get(replaced.id)) === null) await store.remove(replaced.id)
  return recorded
}
