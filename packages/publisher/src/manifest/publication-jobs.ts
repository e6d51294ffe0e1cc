import { randomUUID } from 'node:crypto'
import type { PostChange } from '@peerpress/connectors'
import { type EventJob, parseHttpUrl, RegistryError, type RunningJob, type Site } from '@peerpress/registry'
import { type PostId, postIdSchema, type SiteId, siteIdSchema } from '@peerpress/wire'
import * as v from 'valibot'
import { PublisherError } from '../publisher-error.ts'
import { endPublications } from './end-publications.ts'
import type { JobOutcome } from './job-outcome.ts'
import type { PublicationContext, PublicationResult } from './publication.ts'
import { publishPost } from './publish-post.ts'
import type { RunningPublications } from './running-publications.ts'

/** Jobs that publish or revoke one post. */
export const publicationQueue = 'publish'
/** Jobs that revoke all posts of a site that has disconnected. */
export const endQueue = 'end-publications'
/**
 * Maximum number of posts that are published simultaneously, each of a different site. A slow site holds one worker and
 * leaves three.
 */
export const concurrentJobs = 4

const jobSchema = v.object({
  site: siteIdSchema,
  post: postIdSchema,
  url: v.pipe(v.string(), v.url()),
  revoke: v.boolean(),
  /** Whether the page of a suspended post is left to a job that is not urgent. Jobs of older releases request it themselves. */
  leavesPage: v.optional(v.boolean()),
  /** Id of the request. Jobs of older releases have none. */
  asked: v.optional(v.string()),
})
type PublicationJob = v.InferOutput<typeof jobSchema>

const endJobSchema = v.object({ site: siteIdSchema })

/**
 * Runs a job of {@link publicationQueue} and reports its outcome.
 * @throws {PublisherError} if another attempt may succeed.
 */
export async function runJob(
  { data, attempt, signal }: RunningJob,
  { running, ...context }: PublicationContext & { readonly running: RunningPublications },
  report: (outcome: JobOutcome) => Promise<void>,
): Promise<void> {
  // A queued job may be older than this release or the site's settings, so it is validated.
  if (!v.is(jobSchema, data)) return
  const site = await context.registry.sites.get(data.site)
  if (site === null || site.disconnectedAt !== null || !isOnSite(site, data.url)) return
  const { post, url, revoke, leavesPage, asked } = data
  const run = { site: site.id, post, attempt }
  let failed: PublisherError | null | undefined
  try {
    const onEarly = (result: PublicationResult) => report({ ...run, ...result })
    const task = { site, post, url, revoke, leavesPage, asked, attempt, signal, onEarly }
    const { failure, isPageDue, ...result } = await running.run(keyOf(site.id, post), (withdrawn) =>
      publishPost({ ...task, withdrawn }, context),
    )
    // It waits until this job is complete, and then for its turn among the site's publications.
    if (isPageDue) await context.registry.jobs.enqueue(jobFor(site, { site: site.id, post, url, revoke }))
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

/** Runs a job of {@link endQueue} and reports each revoked post. */
export async function runEndJob(
  { data, attempt, signal }: RunningJob,
  context: PublicationContext,
  report: (outcome: JobOutcome) => Promise<void>,
): Promise<void> {
  if (!v.is(endJobSchema, data)) return
  for (const { post, result } of await endPublications(data.site, context, { attempt, signal }))
    await report({ site: data.site, post, attempt, ...result })
}

/** Returns the job that revokes all posts of a site. */
export function endJobFor(site: SiteId) {
  return { name: endQueue, key: site, group: site, data: { site } }
}

/**
 * Returns the job of one post. Each call stands for a new request.
 * @throws {PublisherError} `foreign-url`
 */
export function jobFor(site: Site, job: PublicationJob) {
  if (!isOnSite(site, job.url))
    throw new PublisherError('foreign-url', 'not on an origin registered for the site')
  return {
    name: publicationQueue,
    key: keyOf(job.site, job.post),
    group: job.site,
    data: { ...job, asked: randomUUID() },
  }
}

/** Returns the job of an event, with the event's statement. */
export function eventJob(site: Site, { post, url, statement }: PostChange): EventJob {
  const revoke = statement.says !== 'published'
  const job = jobFor(site, { site: site.id, post, url, revoke, ...(revoke && { leavesPage: true }) })
  // A revocation is only a row and a signature, so it does not wait behind the site's publications.
  return { ...job, isUrgent: revoke, statement: { ...statement, post } }
}

/** Returns the key of a post, which starts with that of its site. */
export function keyOf(site: SiteId, post: PostId): string {
  return `${site}/${post}`
}

/** Returns whether a URL is on an origin registered for the site. */
export function isOnSite(site: Site, url: string): boolean {
  const parsed = parseHttpUrl(url)
  return parsed !== null && site.origins.includes(parsed.origin)
}
