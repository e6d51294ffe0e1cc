import type { ConnectorKind, Registry, RunningJob } from '@peerpress/registry'
import * as v from 'valibot'
import { ConnectorError } from '../connector-error.ts'
import type { PollConnector } from '../contract.ts'
import { feedConnector } from '../feed/feed-connector.ts'
import { sitemapConnector } from '../sitemap/sitemap-connector.ts'
import { intervalOf, type PollDependencies, runPoll } from './run-poll.ts'

/** The connectors that are polled. */
const connectors: Readonly<Partial<Record<ConnectorKind, PollConnector>>> = {
  feed: feedConnector,
  sitemap: sitemapConnector,
}

/** ms. A source that fails again and again is polled at least this often. */
const maxBackOff = 6 * 60 * 60_000

export interface PollJobDependencies extends PollDependencies {
  readonly registry: Pick<Registry, 'connectors' | 'sites'>
}

const jobSchema = v.object({ connector: v.string() })

/**
 * Runs a job of {@link pollQueue}. A failed poll is recorded and repeated later, and rejects only if the server stops.
 */
export async function pollConnector(
  { data, signal }: RunningJob,
  dependencies: PollJobDependencies,
): Promise<void> {
  const { registry, now } = dependencies
  const record = v.is(jobSchema, data) ? await registry.connectors.get(data.connector) : null
  const connector = record === null ? undefined : connectors[record.kind]
  // A connector may have been removed, or polled by the job before.
  if (record === null || connector === undefined || !isDue(record.dueAt, now())) return
  const site = await registry.sites.get(record.site)
  if (site === null) return
  try {
    if (site.disconnectedAt !== null) {
      throw new ConnectorError(
        'disconnected',
        'The site has disconnected. Connect it again, or remove this connector.',
      )
    }
    await registry.connectors.succeeded(
      record.id,
      await runPoll({ site, record, connector, signal }, dependencies),
    )
  } catch (error) {
    // The queue runs the job again after the next start.
    if (signal.aborted) throw error
    await registry.connectors.failed(record.id, {
      error: error instanceof Error ? error.message : String(error),
      dueAt: new Date(now() + pauseAfter(error, intervalOf(record), record.failures)),
    })
  }
}

function isDue(dueAt: Date | null, now: number): boolean {
  return dueAt !== null && dueAt.getTime() <= now
}

/** Returns the ms until the next poll: the interval is doubled with each failure. A site may request a longer pause. */
function pauseAfter(error: unknown, interval: number, failures: number): number {
  const backOff = Math.min(interval * 2 ** Math.min(failures, 10), Math.max(maxBackOff, interval))
  const stated = error instanceof ConnectorError ? (error.retryAfter ?? 0) : 0
  return Math.max(backOff, stated)
}
