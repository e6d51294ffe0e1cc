import { setTimeout as wait } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Refusal, visibilityOf } from '@peerpress/connectors'
import {
  type PostState,
  type PostStatement,
  type PublishedAsset,
  type PublishedPost,
  RegistryError,
} from '@peerpress/registry'
import { type AssetId, decodeEnvelope, decodeManifest, decodeSnapshot, type Snapshot } from '@peerpress/wire'
import { type FetchedMedia, MediaFetch } from '../fetch/fetch-media.ts'
import { fetchPage, type Page } from '../fetch/fetch-page.ts'
import type { MediaSummary } from '../assets/left-out.ts'
import { storeSnapshot } from '../page/page-snapshot.ts'
import { PublisherError } from '../publisher-error.ts'
import type {
  AttemptedPublication,
  PublicationContext,
  PublicationResult,
  PublicationTask,
} from './publication.ts'
import { isStillOffered } from './still-offered.ts'
import { signManifest } from './sign-manifest.ts'
import { removeUnnamed } from '../assets/sweep-assets.ts'

/**
 * Fetches the post as the public sees it, and records a publication if it has changed.
 * @throws {PublisherError} if another attempt may succeed.
 */
export async function publishPost(
  task: PublicationTask,
  context: PublicationContext,
): Promise<AttemptedPublication> {
  const session = context.store.openSession()
  const replaced = new Set<AssetId>()
  try {
    return await publishStated(task, { ...context, store: session, replaced })
  } finally {
    session.end()
    // Files that could not be removed are left to the next sweep. The publication is already recorded.
    await removeUnnamed(context, replaced).catch(() => undefined)
  }
}

/** The dependencies of one publication. */
interface RunContext extends PublicationContext {
  /** Collects the post's previous files, which are removed unless another post needs them. */
  readonly replaced: Set<AssetId>
}

async function publishStated(task: PublicationTask, context: RunContext): Promise<AttemptedPublication> {
  try {
    const signal = AbortSignal.any([task.signal, ...(task.withdrawn ? [task.withdrawn] : [])])
    return await publishInTime({ ...task, signal }, context)
  } catch (error) {
    if (!isWithdrawal(error)) throw error
    // The withdrawal arrived during the publication. It is recorded, so this run revokes the post.
    return publishInTime(task, context)
  }
}

function isWithdrawal(error: unknown): boolean {
  return (error instanceof RegistryError || error instanceof PublisherError) && error.code === 'withdrawn'
}

async function publishInTime(task: PublicationTask, context: RunContext): Promise<AttemptedPublication> {
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

/** Publishes or revokes the post according to the CMS's latest statement. */
async function publishAsStated(task: PublicationTask, context: RunContext): Promise<AttemptedPublication> {
  if (task.site.disconnectedAt !== null) return revoke(task, context)
  const statement = await context.registry.statements.get(task.site.id, task.post)
  const visibility = visibilityOf(task.post)
  const state = visibility.stateOf(statement, task)
  if (state !== 'withdrawn' && state !== 'suspended') {
    return publishPage(task, context, { statement, state })
  }
  const revoked = await revoke(task, context)
  if (state === 'withdrawn' || revoked.result === 'absent') return revoked
  if (task.leavesPage) return { ...revoked, isPageDue: true }
  if (!(await isStillOffered(task, visibility, { ...context, signal: task.signal }))) return revoked
  const result = await publishPage(task, context, { statement, state })
  return result.result === 'published' ? { ...result, contradiction: true } : result
}

async function publishPage(
  task: PublicationTask,
  context: RunContext,
  stated: { readonly statement: PostStatement | null; readonly state: PostState | null },
): Promise<AttemptedPublication> {
  const { site, post, url, signal, attempt } = task
  const visibility = visibilityOf(post)
  const page = await fetchPage(site, url, { ...context, signal })
  if (!page.public) {
    const latest = await context.registry.posts.summary(site.id, post)
    const { refusal } = page
    const refused = { refusal, state: stated.state, attempt, isPublished: latest?.revoked === false }
    if (visibility.onRefusal(refused) === 'retry') throw refusedPage(refusal)
    return revoke(task, context)
  }
  const isUnread = () => context.registry.restored.isUnread(site.id, post)
  if (await visibility.isDisowned(page.offer, { site, isUnread })) return revoke(task, context)
  return publishPublicPage({ page, statement: stated.statement }, task, context)
}

/** The page must be requested again: its refusal does not mean that the post has gone. */
function refusedPage(refusal: Refusal): PublisherError {
  if (refusal === 'not-found') {
    return new PublisherError('not-found', 'the site published the post, but its page is not found')
  }
  return new PublisherError(
    'denied',
    'the site published the post, but refuses its page: allow the user agent "PeerPress"',
  )
}

/** A public page, and the CMS's statement about the post when the page was fetched. */
interface StatedPage {
  readonly page: Extract<Page, { public: true }>
  readonly statement: PostStatement | null
}

/**
 * Publishes a page as soon as its media have arrived. After `publishAfter` it publishes the media that have arrived,
 * and the others in one later version.
 */
async function publishPublicPage(
  stated: StatedPage,
  task: PublicationTask,
  context: RunContext,
): Promise<AttemptedPublication> {
  const { site, post, asked } = task
  const { page } = stated
  const key = `${site.id}/${post}`
  const published = await context.registry.posts.assets(site.id, post)
  const results = context.mediaResults.resultsOf(key, page, asked)
  const { media, leftOut, url } = page
  const stop = new AbortController()
  const stoppable = { ...task, signal: AbortSignal.any([task.signal, stop.signal]) }
  const pageOrigin = url.origin
  const fetching = new MediaFetch({
    task: stoppable,
    context,
    media,
    leftOut,
    pageOrigin,
    published,
    results,
  })
  const snapshot = page.snapshot && (await storeSnapshot(page.snapshot, context.store))
  const done = fetching.run()
  try {
    const publish = () => publishMedia(fetching.soFar(), { ...stated, snapshot }, { task, context })
    if (await isPending(done, context.limits.publishAfter)) await task.onEarly(await publish())
    const failure = await done
    return { ...(await publish()), failure }
  } finally {
    // If the early version could not be recorded, no fetch may continue after the job.
    stop.abort()
    await done.catch(() => null)
    context.mediaResults.remember(key, page, { asked, results: fetching.results() })
  }
}

/** Returns whether the work takes longer than `ms`. */
async function isPending(work: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController()
  const over = wait(ms, true, { signal: timer.signal }).catch(() => true)
  const isLate = await Promise.race([work.then(() => false), over])
  timer.abort()
  return isLate
}

async function publishMedia(
  { assets, summary }: FetchedMedia,
  { page, statement, snapshot }: StatedPage & { readonly snapshot: Snapshot | null },
  { task, context }: { readonly task: PublicationTask; readonly context: RunContext },
): Promise<PublicationResult> {
  const { site, post } = task
  const latest = await context.registry.posts.get(site.id, post)
  const previous = await context.registry.posts.assets(site.id, post)
  const content = { url: page.url.href, revoked: false, assets, snapshot, latest, statement }
  if (latest !== null && isSame(latest, previous, content)) {
    await context.registry.restored.read(site.id, post)
    return { result: 'unchanged', version: latest.version, ...summary }
  }
  const { version } = await record(task, context, content)
  return { result: 'published', version, ...summary }
}

const noMedia: MediaSummary = { assets: 0, leftOut: [], leftOutCounts: {}, pending: 0 }

async function revoke(
  { site, post, ...task }: PublicationTask,
  context: RunContext,
): Promise<PublicationResult> {
  const latest = await context.registry.posts.get(site.id, post)
  if (latest === null) return { result: 'absent' }
  if (latest.revoked) return { result: 'unchanged', version: latest.version, ...noMedia }
  const gone = { url: latest.url, revoked: true, assets: [], snapshot: null, latest, statement: null }
  const { version } = await record({ site, post, ...task }, context, gone)
  return { result: 'revoked', version }
}

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

/** Returns the snapshot of a publication; null if it has none. */
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
  const envelope = signManifest(manifest, await registry.sites.signingKeys(site.id))
  const before = await registry.posts.assets(site.id, post)
  const publication = { site: site.id, post, url, version, revoked, envelope, assets, snapshot, statement }
  const recorded = await registry.posts.record(publication)
  for (const { id } of before) replaced.add(id)
  const page = latest && snapshotIn(latest)
  if (page) replaced.add(page.id)
  return recorded
}
