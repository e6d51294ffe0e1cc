import type { PostStanding, Registry } from '@peerpress/registry'
import { maxBreakdownRows, type Store } from '@peerpress/store'
import type { CommunityLedger } from '../ledger/community-ledger.ts'
import type { LedgerEntry } from '../ledger/entry.ts'
import { performanceFactors, performanceMetrics } from './performance.ts'
import { feedMean } from './rank.ts'

const dayMs = 86_400_000

/** Days after which a post's factor stays as it is: its rank is far behind by then. */
const factorDays = 30
/** Days of views that performance is measured over. */
const measuredDays = 28
/** Entries per transaction. Votes wait for it. */
const entriesAtOnce = 200

export interface CloseDayDependencies {
  readonly registry: Pick<Registry, 'standing' | 'ledger'>
  readonly store: Pick<Store, 'reportsFor'>
  readonly ledger: CommunityLedger
  /** ms since the Unix epoch */
  readonly now: () => number
}

/**
 * Appends the performance factors of recent posts whose factor has changed, and then the feed's mean, once for each UTC day. A
 * run that was interrupted is completed by the next one; no factor of a day is appended twice.
 */
export async function closeDay(dependencies: CloseDayDependencies, signal?: AbortSignal): Promise<void> {
  const { registry, ledger, now } = dependencies
  const day = new Date(now()).toISOString().slice(0, 10)
  const closed = await registry.ledger.last('feed-mean')
  if (closed !== null && (closed.body as { readonly day: string }).day === day) return
  const done = await factorsSince(ledger, { after: closed?.seq ?? 0, day })
  for (const site of await registry.standing.sitesSince(now() - factorDays * dayMs)) {
    signal?.throwIfAborted()
    const entries = (await factorsOf(dependencies, site, { day, signal })).filter(
      ({ body }) => !done.has(body.submission),
    )
    for (let at = 0; at < entries.length; at += entriesAtOnce) {
      await ledger.append(entries.slice(at, at + entriesAtOnce))
    }
  }
  await ledger.transaction(async (within) => {
    const mean = feedMean(await within.standing.totals())
    await within.append([{ kind: 'feed-mean', member: null, body: { day, mean } }])
  })
}

type PerformanceEntry = LedgerEntry & { readonly kind: 'performance' }

/** Returns the entries of a site's recent posts whose factor has changed. */
async function factorsOf(
  { registry, store, now }: CloseDayDependencies,
  site: string,
  { day, signal }: { readonly day: string; readonly signal: AbortSignal | undefined },
): Promise<PerformanceEntry[]> {
  const posts = await registry.standing.sharedSince(site, now() - factorDays * dayMs)
  const range = { site, from: new Date(now() - measuredDays * dayMs), to: new Date(now()) }
  const rows = await store
    .reportsFor({ caller: registry, signal })
    .breakdown({ ...range, metrics: performanceMetrics }, 'post', maxBreakdownRows)
  const factors = performanceFactors(rows)
  return posts.flatMap((post) => entryOf(post, factors.get(post.post), day))
}

function entryOf(post: PostStanding, factor: number | undefined, day: string): PerformanceEntry[] {
  if (factor === undefined || factor === post.factor) return []
  const { submission, member } = post
  return [{ kind: 'performance', member, body: { submission, day, factor } }]
}

/** Returns the submissions whose factor of a day is in the ledger already, after an interrupted run. */
async function factorsSince(
  ledger: CommunityLedger,
  { after, day }: { readonly after: number; readonly day: string },
): Promise<Set<string>> {
  const done = new Set<string>()
  let last = after
  for (;;) {
    const events = await ledger.read({ after: last, limit: 1000, kinds: ['performance'] })
    for (const event of events) {
      if (event.kind === 'performance' && event.body.day === day) done.add(event.body.submission)
      last = event.seq
    }
    if (events.length < 1000) return done
  }
}
