import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canonicalUrl, createPolls, postIdOf } from '@peerpress/connectors'
import { createPublisher, createSiteClient, defaultFetchLimits, type JobOutcome } from '@peerpress/publisher'
import { type ConnectorRecord, openRegistry, type PostSummary, type Registry } from '@peerpress/registry'
import { eventually } from '../eventually.ts'
import { StaticSite } from '../server/static-site.ts'

/** A page as a source names it. */
export interface StatedPage {
  readonly url: string
  /** RFC 3339; null if the source states no time. */
  readonly updated: string | null
}

/** A polled connector under test, and a writer of its sources. */
export interface PollSubject {
  readonly name: string
  readonly kind: 'feed' | 'sitemap'
  readonly write: (pages: readonly StatedPage[]) => {
    readonly body: Buffer | string
    readonly type: string
  }
}

/** A registry, a publisher and polls that really run, with short limits of time. */
export interface PollBench {
  readonly registry: Registry
  /** Starts a site and registers it. */
  site(): Promise<PolledSite>
  close(): Promise<void>
}

export interface PolledSite {
  readonly id: string
  readonly web: StaticSite
  /** Serves the source at `/source`. */
  serve(pages: readonly StatedPage[]): void
  /** Polls the source now. Resolves to its state when all pages that it requested were read. */
  poll(): Promise<ConnectorRecord>
  /** Polls the source now, without waiting for its pages. */
  begin(): Promise<ConnectorRecord>
  /** Returns what is published of a page. */
  post(url: string): Promise<PostSummary | null>
  /** Outcomes of the site's posts so far. */
  readonly outcomes: readonly JobOutcome[]
  close(): Promise<void>
}

/** Time that a slow source gets, ms. A busy machine needs some of it for good sources. */
export const slowAfter = 4000

export async function openPollBench(subject: PollSubject): Promise<PollBench> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-polls-'))
  const registry = await openRegistry({ directory: join(directory, 'registry') })
  const publisher = createPublisher({ registry, directory: join(directory, 'assets') })
  const client = createSiteClient({ limits: { ...defaultFetchLimits, rateGrace: slowAfter } })
  const polls = createPolls({
    registry,
    client,
    request: (site, { post, url }) => publisher.publish(site.id, post, url),
    report: (problem, error) => process.emitWarning(`${problem} ${String(error)}`),
  })
  await publisher.start()
  await polls.start()
  return {
    registry,
    site: async () => openSite(subject, { registry, onJobDone: (listener) => publisher.onJobDone(listener) }),
    close: async () => {
      await polls.stop()
      await publisher.stop()
      await client.close()
      await registry.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function openSite(
  { kind, write }: PollSubject,
  {
    registry,
    onJobDone,
  }: { registry: Registry; onJobDone: (listener: (outcome: JobOutcome) => void) => () => void },
): Promise<PolledSite> {
  const web = await new StaticSite().start()
  const input = { url: web.origin, consent: 'assumed', allowPrivateAddresses: true } as const
  const { id } = (await registry.sites.add(input)).site
  const outcomes: JobOutcome[] = []
  const off = onJobDone((outcome) => {
    if (outcome.site === id) outcomes.push(outcome)
  })
  const begin = async () =>
    (await registry.connectors.set({ site: id, kind, url: `${web.origin}/source` })).connector
  return {
    id,
    web,
    outcomes,
    begin,
    serve: (pages) => {
      web.files.set('/source', write(pages))
    },
    poll: async () => {
      const earlier = outcomes.length
      const { id: connector, polledAt } = await begin()
      return eventually('the poll and its pages', async () => {
        const record = await registry.connectors.get(connector)
        if (record === null || record.polledAt?.getTime() === polledAt?.getTime()) return undefined
        const expected = record.error === null ? (record.requested ?? 0) : 0
        return outcomes.length - earlier >= expected ? record : undefined
      })
    },
    post: (url) => registry.posts.summary(id, postIdOf(canonicalUrl(url) ?? new URL(url))),
    close: async () => {
      off()
      await registry.sites.remove(id)
      await web.close()
    },
  }
}
