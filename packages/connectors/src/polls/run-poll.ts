import type { ConnectorRecord, PollResult, Registry, Site } from '@peerpress/registry'
import { ConnectorError } from '../connector-error.ts'
import type { PollConnector, PollEnd } from '../contract.ts'
import { PageBatches, type RequestPage } from './page-batches.ts'
import { type SourceClient, sourceFetch } from './source-fetch.ts'

/** Limits of one poll. */
export interface PollLimits {
  /** ms of the whole poll */
  readonly time: number
  /** Pages that the source may name. */
  readonly maxPages: number
  /** Pages that are requested because they are new or may have changed. The others follow in the next polls. */
  readonly maxRequests: number
  /** Pages that are requested because the source does not name them any more, and because they were not for long. */
  readonly maxChecks: number
}

export const defaultPollLimits: PollLimits = {
  time: 5 * 60_000,
  maxPages: 50_000,
  maxRequests: 500,
  maxChecks: 50,
}

const minute = 60_000
/** After this time a page is requested again although its source reports no change, because a hint may be wrong. */
const recheckAfter = 24 * 60 * minute
/** ms until a poll that was cut off continues */
const continuation = 5 * minute
const maxProblems = 20

export interface PollDependencies {
  readonly registry: Pick<Registry, 'connectors'>
  readonly client: SourceClient
  readonly request: RequestPage
  readonly limits: PollLimits
  /** ms since the Unix epoch */
  readonly now: () => number
}

/** One poll of a connector. */
export interface PollTask {
  readonly site: Site
  readonly record: ConnectorRecord
  readonly connector: PollConnector
  readonly signal: AbortSignal
}

/**
 * Polls a source once, and requests the pages that may have changed.
 * @throws {ConnectorError} `bad-source`, and the errors of the client
 */
export async function runPoll(task: PollTask, dependencies: PollDependencies): Promise<PollResult> {
  const { site, record } = task
  const { registry, request, limits, now } = dependencies
  const poll = record.polls + 1
  const pages = new PageBatches({
    registry,
    request,
    site,
    connector: record.id,
    poll,
    maxRequests: limits.maxRequests,
  })
  const problems: string[] = []
  const end = await readSource(task, { ...dependencies, pages, problems })
  if (pages.foreign > 0)
    problems.push(`Pages that are on no origin of the site were left out: ${pages.foreign}.`)
  if (end?.isUnchanged !== true && pages.named === 0) throw namesNothing(problems)
  // A part of the list proves nothing about pages that it does not name.
  const isWhole = end !== null && !end.isUnchanged
  const checks = await requestUnnamed({ site, record, poll, isWhole }, dependencies)
  return {
    cursor: end?.cursor ?? record.cursor,
    named: end?.isUnchanged === true ? null : pages.named,
    requested: pages.requested + checks,
    problems: problems.slice(0, maxProblems),
    dueAt: new Date(now() + (pages.isFull ? continuation : intervalOf(record))),
    isComplete: isWhole,
  }
}

interface Reading extends PollDependencies {
  readonly pages: PageBatches
  readonly problems: string[]
}

/** Reads the source until its end, or until a limit is reached. Returns null if it was not read to its end. */
async function readSource(
  { site, record, connector, signal }: PollTask,
  { client, limits, now, pages, problems }: Reading,
): Promise<PollEnd | null> {
  const deadline = AbortSignal.timeout(limits.time)
  const stopped = AbortSignal.any([signal, deadline])
  const source = connector.poll({
    site,
    url: record.url ?? '',
    cursor: record.cursor,
    fetch: sourceFetch(client, { site, signal: stopped, now: now() }),
    now: now(),
    problem: (text) => {
      if (problems.length < maxProblems) problems.push(text)
    },
  })
  try {
    while (!pages.isFull) {
      const next = await source.next()
      if (next.done === true) {
        await pages.flush()
        return pages.isFull ? null : next.value
      }
      if (pages.named >= limits.maxPages) {
        problems.push(`Only the first ${limits.maxPages} pages were read.`)
        await pages.flush()
        return null
      }
      await pages.add(next.value)
    }
    return null
  } catch (error) {
    throw deadline.aborted && !signal.aborted ? tooSlow(limits, error) : error
  } finally {
    await source.return({ isUnchanged: false, cursor: {} })
  }
}

/**
 * Requests pages that the source does not name any more, and pages that were not requested for long. Their sites decide
 * what became of them. Returns their number.
 */
async function requestUnnamed(
  { site, record, poll, isWhole }: Pick<PollTask, 'site' | 'record'> & { poll: number; isWhole: boolean },
  { registry: { connectors }, request, limits, now }: PollDependencies,
): Promise<number> {
  const before = new Date(now() - recheckAfter)
  const vanished = isWhole ? await connectors.vanished(record.id, poll, limits.maxChecks) : []
  const stale = await connectors.stale(record.id, before, limits.maxChecks - vanished.length)
  const pages = new Map([...vanished, ...stale].map((page) => [page.post, page]))
  for (const page of pages.values()) await request(site, page)
  await connectors.request(record.id, [...pages.keys()])
  if (isWhole) await connectors.forget(record.id, poll, before)
  return pages.size
}

/** Returns the ms from one poll of a connector to the next. */
export function intervalOf({ everyMinutes }: Pick<ConnectorRecord, 'everyMinutes'>): number {
  return (everyMinutes ?? 60) * minute
}

function namesNothing(problems: readonly string[]): ConnectorError {
  return new ConnectorError(
    'bad-source',
    problems.length > 0 ? problems.join(' ') : 'It names no page. Check its address.',
  )
}

function tooSlow({ time }: PollLimits, cause: unknown): ConnectorError {
  return new ConnectorError('bad-source', `It was not read within ${Math.round(time / 1000)} s.`, { cause })
}
