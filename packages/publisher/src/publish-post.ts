import { isDeepStrictEqual } from 'node:util'
import {
  type PostStatement,
  type PublishedAsset,
  type PublishedPost,
  type Registry,
  RegistryError,
  type Site,
} from '@peerpress/registry'
import {
  type AssetId,
  decodeEnvelope,
  decodeManifest,
  decodeSnapshot,
  type PostId,
  type Snapshot,
} from '@peerpress/wire'
import type { AssetStore } from './asset-store.ts'
import { type FetchedAsset, fetchAsset, type LeftOutReason } from './fetch-asset.ts'
import type { FetchLimits } from './fetch-limits.ts'
import { fetchPage } from './fetch-page.ts'
import type { PageReader } from './page/page-reader.ts'
import { storeSnapshot } from './page-snapshot.ts'
import { PublisherError } from './publisher-error.ts'
import { isDisowned, isStillOffered, requireRevocation, stateOf } from './revocation.ts'
import { signManifest } from './sign-manifest.ts'
import { removeUnnamed } from './sweep-assets.ts'
import type { SiteClient } from './site-client.ts'

/** How a publication ended. */
export type PublicationResult =
  | {
      readonly result: 'published'
      readonly version: number
      readonly assets: number
      /** How many of the page's media are left to the origin, by reason. */
      readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>
      /**
       * The page contradicts an unpublication that came without a home URL, as from a copy of the CMS: the post was
       * suspended and is published again.
       */
      readonly contradiction?: true
    }
  /** The same page and assets as the latest publication: no new version. */
  | { readonly result: 'unchanged'; readonly version: number }
  | { readonly result: 'revoked'; readonly version: number }
  /** Not public, and never published here. */
  | { readonly result: 'absent' }

export interface PublicationTask {
  readonly site: Site
  readonly post: PostId
  readonly url: string
  /**
   * The event of this job said that the post is not public any more. What the CMS stated last decides; this does where no
   * statement was recorded with the event, by release 0.1.
   */
  readonly revoke: boolean
  /** 0 the first time. */
  readonly attempt: number
  readonly signal: AbortSignal
  /** Aborted when the CMS withdraws the post meanwhile. @default never */
  readonly withdrawn?: AbortSignal
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
  const session = context.store.openSession()
  const replaced = new Set<AssetId>()
  try {
    return await publishStated(task, { ...context, store: session, replaced })
  } finally {
    session.end()
    // What stays is removed by the next sweep; the publication is recorded, whatever becomes of the files.
    await removeUnnamed(context, replaced).catch(() => undefined)
  }
}

/** What a publication works with. */
interface RunContext extends PublicationContext {
  /** Collects what the post had before, to be removed if nobody else has it. */
  readonly replaced: Set<AssetId>
}

async function publishStated(task: PublicationTask, context: RunContext): Promise<PublicationResult> {
  try {
    const signal = AbortSignal.any([task.signal, ...(task.withdrawn ? [task.withdrawn] : [])])
    return await publishInTime({ ...task, signal }, context)
  } catch (error) {
    if (!isWithdrawal(error)) throw error
    // The withdrawal came meanwhile. It is recorded, so that this run revokes the post.
    return publishInTime(task, context)
  }
}

function isWithdrawal(error: unknown): boolean {
  return (error instanceof RegistryError || error instanceof PublisherError) && error.code === 'withdrawn'
}

async function publishInTime(task: PublicationTask, context: RunContext): Promise<PublicationResult> {
  const deadline = new AbortController()
  const { postTimeout } = context.limits
  const late = new PublisherError('timeout', `the post was not fetched within ${postTimeout} ms`)
  const timer = setTimeout(() => deadline.abort(late), postTimeout)
  try {
    return await publishAsStated(
      { ...task, signal: AbortSignal.any([task.signal, deadline.signal]) },
      context,
    )
  } finally {
    clearTimeout(timer)
  }
}

/** What the CMS stated last decides whether the page is looked at. */
async function publishAsStated(task: PublicationTask, context: RunContext): Promise<PublicationResult> {
  if (task.site.disconnectedAt !== null) return revoke(task, context)
  const statement = await context.registry.statements.get(task.site.id, task.post)
  const state = stateOf(statement, task)
  if (state !== 'withdrawn' && state !== 'suspended') {
    return publishPage(task, context, { statement, isPublic: state === 'published' })
  }
  const revoked = await revoke(task, context)
  if (state === 'withdrawn' || revoked.result === 'absent') return revoked
  if (!(await isStillOffered(task, { ...context, signal: task.signal }))) return revoked
  const result = await publishPage(task, context, { statement, isPublic: false })
  return result.result === 'published' ? { ...result, contradiction: true } : result
}

async function publishPage(
  task: PublicationTask,
  context: RunContext,
  stated: { readonly statement: PostStatement | null; readonly isPublic: boolean },
): Promise<PublicationResult> {
  const { site, post, url, signal, attempt } = task
  const { registry, store } = context
  const latest = await registry.posts.get(site.id, post)
  const page = await fetchPage(site, url, { ...context, signal })
  if (!page.public) {
    if (stated.isPublic) requireRevocation(page.refusal, attempt)
    return revoke(task, context)
  }
  // A backup may be older than an opt-out, which leaves the page public.
  if (isDisowned(page.offer, site) && (await registry.restored.isUnread(site.id, post))) {
    return revoke(task, context)
  }
  const previous = await registry.posts.assets(site.id, post)
  const fetched = await fetchAssets(page.media, previous, { task, context })
  const assets = fetched.flatMap((one) => ('asset' in one ? [one.asset] : []))
  const snapshot = page.snapshot && (await storeSnapshot(page.snapshot, store))
  const content = {
    url: page.url.href,
    revoked: false,
    assets,
    snapshot,
    latest,
    statement: stated.statement,
  }
  if (latest !== null && isSame(latest, previous, content)) {
    await registry.restored.read(site.id, post)
    return { result: 'unchanged', version: latest.version }
  }
  const { version } = await record(task, context, content)
  return { result: 'published', version, assets: assets.length, leftOut: countReasons(fetched) }
}

async function revoke(
  { site, post, ...task }: PublicationTask,
  context: RunContext,
): Promise<PublicationResult> {
  const latest = await context.registry.posts.get(site.id, post)
  if (latest === null) return { result: 'absent' }
  if (latest.revoked) return { result: 'unchanged', version: latest.version }
  const gone = { url: latest.url, revoked: true, assets: [], snapshot: null, latest, statement: null }
  const { version } = await record({ site, post, ...task }, context, gone)
  return { result: 'revoked', version }
}

async function fetchAssets(
  media: readonly string[],
  published: readonly PublishedAsset[],
  { task, context }: { task: PublicationTask; context: RunContext },
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
  readonly statement: PostStatement | null
}

async function record(
  { site, post }: PublicationTask,
  { registry, replaced }: RunContext,
  { url, revoked, assets, snapshot, latest, statement }: Content,
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
  const before = await registry.posts.assets(site.id, post)
  const publication = { site: site.id, post, url, version, revoked, envelope, assets, snapshot, statement }
  const recorded = await registry.posts.record(publication)
  for (const { id } of before) replaced.add(id)
  const page = latest && snapshotIn(latest)
  if (page) replaced.add(page.id)
  return recorded
}

function countReasons(fetched: readonly FetchedAsset[]): Partial<Record<LeftOutReason, number>> {
  const counts: Partial<Record<LeftOutReason, number>> = {}
  for (const one of fetched) {
    if ('leftOut' in one) counts[one.leftOut] = (counts[one.leftOut] ?? 0) + 1
  }
  return counts
}
