import type { Registry } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import type { Advising } from '../advice/advising.ts'
import { composeDigest } from './compose-digest.ts'

export interface DigestOptions {
  readonly registry: Pick<
    Registry,
    'sites' | 'channels' | 'briefs' | 'drafts' | 'pageTrials' | 'notifications'
  >
  readonly advising: Pick<Advising, 'advice' | 'effect'>
  /** Returns the origin at which browsers reach this server. */
  readonly publicUrl: () => string
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

const weekMs = 7 * 86_400_000
/** Trials of a site whose effects are computed: the newest. */
const maxTrials = 20

/**
 * Writes the weekly digest of each site that has a channel for it. The queue of notifications sends them. A site that fails does not
 * keep the others from theirs.
 */
export async function sendDigests(options: DigestOptions, signal: AbortSignal): Promise<void> {
  const failures: unknown[] = []
  for (const { id } of await options.registry.sites.list()) {
    signal.throwIfAborted()
    await sendDigest(id, options).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} sites got no digest: ${String(failures[0])}`)
  }
}

async function sendDigest(site: SiteId, options: DigestOptions): Promise<void> {
  const { registry, advising, publicUrl, now = Date.now } = options
  const channels = await registry.channels.of(site)
  if (!channels.some(({ hasDigest, unsubscribedAt }) => hasDigest && unsubscribedAt === null)) return
  const trials = (await registry.pageTrials.list(site)).slice(0, maxTrials)
  const text = composeDigest({
    briefs: await registry.briefs.list(site),
    drafts: await registry.drafts.list(site),
    advice: await advising.advice(site),
    trials: await Promise.all(trials.map(async (trial) => ({ trial, effect: await advising.effect(trial) }))),
    since: now() - weekMs,
    page: `${publicUrl()}/sites/${site}/write`,
  })
  if (text !== null) await registry.notifications.addDigests(site, text)
}
