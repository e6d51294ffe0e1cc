import { isDeepStrictEqual } from 'node:util'
import type { PublishedAsset, PublishedPost, Registry, Site } from '@peerpress/registry'
import { decodeEnvelope, decodeManifest, decodeSnapshot, type PostId, type Snapshot } from '@peerpress/wire'
import type { AssetStore } from './asset-store.ts'
import { type FetchedAsset, fetchAsset } from './fetch-asset.ts'
import type { FetchLimits } from './fetch-limits.ts'
import { fetchPage } from './fetch-page.ts'
import { type LeftOut, type MediaSummary, summarizeLeftOut } from './left-out.ts'
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
  /** 0 the first time. */
  readonly attempt: number
  readonly signal: AbortSignal
}

export interface PublicationContext {
  readonly registry: Registry
  readonly client: SiteClient
  readonly pages: PageReader
  readonly store: AssetStore
  readonly limits: FetchLimits
}

/** From this attempt on a post is published without the assets that still fail, rather than not at all. */
const patience = 5
/** Requests to a site at once: shared hosting has few workers. */
const concurrency = 3

/**
 * Looks at the post as the public sees it now, and records a publication when that changed.
 * @throws {PublisherError} when trying again later may help.
 */
export async function publishPost(
  task: PublicationTask,
  context: PublicationContext,
): Promise<PublicationResult> {
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

async function publishInTime(task: PublicationTask, context: PublicationContext): Promise<PublicationResult> {
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
  const previous = await context.registry.posts.assets(site.id, post)
  const fetched = await fetchAssets(page.media, previous, { task, context })
  const assets = fetched.flatMap((one) => ('asset' in one ? [one.asset] : []))
  const leftOut = page.media.flatMap((media, index): LeftOut[] => {
    const one = fetched[index]
    return one !== undefined && 'leftOut' in one ? [{ url: media, reason: one.leftOut }] : []
  })
  const media = { assets: assets.length, ...summarizeLeftOut(leftOut), pending: 0 }
  const snapshot = page.snapshot && (await storeSnapshot(page.snapshot, context.store))
  const content = { url: page.url.href, revoked: false, assets, snapshot, latest }
  if (latest !== null && isSame(latest, previous, content)) {
    await context.registry.restored.read(site.id, post)
    return { result: 'unchanged', version: latest.version, ...media }
  }
  const { version } = await record(task, context, content)
  return { result: 'published', version, ...media }
}

const noMedia: MediaSummary = { assets: 0, leftOut: [], leftOutCounts: {}, pending: 0 }

async function fetchAssets(
  media: readonly string[],
  published: readonly PublishedAsset[],
  { task, context }: { task: PublicationTask; context: PublicationContext },
): Promise<FetchedAsset[]> {
  const { limits } = context
  const known = new Map(published.map((asset) => [asset.url, asset]))
  let size = 0
  return mapConcurrently(media, concurrency, async (url) => {
    const limit = Math.min(limits.maxAsset, limits.maxPost - size)
    const timeout = limits.assetTimeout
    try {
      const previous = known.get(url)
      const fetched = await fetchAsset(new URL(url), { ...context, ...task, previous, limit, timeout })
      if ('leftOut' in fetched) return fetched
      // Others were fetched meanwhile.
      if (size + fetched.asset.size > limits.maxPost) return { leftOut: 'too-large' }
      size += fetched.asset.size
      return fetched
    } catch (error) {
      const isStopping = error instanceof PublisherError && error.code === 'stopped'
      if (task.attempt < patience || isStopping || !(error instanceof PublisherError)) throw error
      return { leftOut: 'failing' }
    }
  })
}

/** Same order as the items; after a failure nothing more is begun, and it throws once nothing runs. */
async function mapConcurrently<T, R>(
  items: readonly T[],
  width: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  let failure: { readonly error: unknown } | null = null
  const worker = async () => {
    for (const [index, item] of queue) {
      if (failure !== null) return
      try {
        results[index] = await map(item)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  if (failure !== null) throw (failure as { readonly error: unknown }).error
  return results
}

function isSame(
  latest: PublishedPost,
  previous: readonly PublishedAsset[],
  { url, assets, snapshot }: Content,
): boolean {
  const namesOf = (list: readonly PublishedAsset[]) =>
    list
      .map((asset) => `${asset.url} ${asset.id} ${asset.type}`)
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
