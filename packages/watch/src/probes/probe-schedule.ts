import type { ProbeKind, ProbeRecord, Registry, RunningJob, Site, StopWork } from '@peerpress/registry'
import { type ResolveAll, sharingLookups } from '@peerpress/publisher'
import type { SiteId } from '@peerpress/wire'
import * as v from 'valibot'
import { type AddressPolicy, privateOrigins } from './address-policy.ts'
import { BrowserProber } from './browser/browser-prober.ts'
import { findChromium } from './browser/find-chromium.ts'
import { probeHttp } from './http/probe-http.ts'
import { outcomeOf, type ProbeOutcome } from './probe-outcome.ts'

export interface ProbeScheduleOptions {
  readonly registry: Pick<Registry, 'jobs' | 'schedules' | 'sites' | 'posts' | 'probeOutcomes'>
  /** Records an outcome and judges the site by it. */
  readonly record: (outcome: ProbeOutcome) => Promise<void>
  /** Chromium's path; null for no browser probes. */
  readonly chromiumPath: string | null
  /** Returns the origin at which browsers reach this server. */
  readonly publicUrl: () => string
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
  /** @default the system's resolver */
  readonly resolveAll?: ResolveAll
}

const httpQueue = 'probe.http'
const browserQueue = 'probe.browser'

/**
 * HTTP probes at the same time on one server. A site that does not answer holds one of them for at most 30 s, so it delays no
 * other site.
 */
const concurrency = 16

/**
 * ms between the starts of two probes of a site. A server that starts again and again probes each time, and three failures
 * in a row must mean more than a short interruption.
 */
const minDistance = { http: 40_000, browser: 120_000 } as const

const jobSchema = v.object({ site: v.string() })

/**
 * Probes each connected site every minute over HTTP and, if this server has Chromium, every 15 minutes in a browser. Each
 * probe is a job of the queue: among several servers it runs once.
 * @returns stops the probes; those that run are aborted without an outcome and repeated after the next start
 */
export async function startProbes(options: ProbeScheduleOptions): Promise<StopWork> {
  const { registry, report } = options
  const ending: StopWork[] = []
  const stop = async () => {
    await Promise.all(ending.splice(0).map((end) => end()))
  }
  const chromium = await findChromium(options.chromiumPath)
  if (chromium === null && options.chromiumPath !== null) {
    report(
      `there are no browser probes, because ${options.chromiumPath} is no program: install Chromium or set PEERPRESS_CHROMIUM_PATH`,
    )
  }
  const probes = new SiteProbes(options, chromium)
  try {
    ending.push(await registry.jobs.work(httpQueue, concurrency, (job) => probes.overHttp(job)))
    ending.push(await repeat('probes', '* * * * *', httpQueue))
    if (chromium !== null) {
      ending.push(await registry.jobs.work(browserQueue, 1, (job) => probes.inBrowser(job)))
      ending.push(await repeat('browser-probes', '*/15 * * * *', browserQueue))
    }
  } catch (error) {
    await stop()
    throw error
  }
  return stop

  /** Enqueues a job for each connected site at the times of a cron expression. */
  function repeat(name: string, cron: string, queue: string): Promise<StopWork> {
    const run = async (signal: AbortSignal) => {
      for (const { id, disconnectedAt } of await registry.sites.list()) {
        signal.throwIfAborted()
        if (disconnectedAt === null) await enqueue(registry, queue, id)
      }
    }
    // No retry: the next run is soon enough.
    return registry.schedules.repeat({ name, cron, retries: 0, run }, (error) =>
      report(`the schedule ${name} failed:`, error),
    )
  }
}

function enqueue({ jobs }: Pick<Registry, 'jobs'>, name: string, site: SiteId): Promise<void> {
  return jobs.enqueue({ name, key: site, group: site, data: { site } })
}

/** The probes of this server. */
class SiteProbes {
  readonly #options: ProbeScheduleOptions
  readonly #browser: BrowserProber | null
  readonly #resolveAll: ResolveAll

  constructor(options: ProbeScheduleOptions, chromium: string | null) {
    this.#options = options
    this.#browser = chromium === null ? null : new BrowserProber(chromium, options.report)
    this.#resolveAll = sharingLookups(options.resolveAll)
  }

  async overHttp({ data, signal }: Pick<RunningJob, 'data' | 'signal'>): Promise<void> {
    const { registry, record } = this.#options
    const site = await this.#siteOf(data)
    if (site === null) return
    const earlier = await this.#latest(site.id, 'http')
    if (earlier === 'recent') return
    const result = await probeHttp(new URL(site.url), { policy: this.#policyOf(site), signal })
    await record(outcomeOf(site.id, result))
    // A browser says more about a new failure. It need not say it every minute.
    const isNewFailure = result.failure !== null && earlier?.ok !== false
    if (isNewFailure && this.#browser !== null) await enqueue(registry, browserQueue, site.id)
  }

  async inBrowser({ data, signal }: Pick<RunningJob, 'data' | 'signal'>): Promise<void> {
    const { registry, record } = this.#options
    const site = await this.#siteOf(data)
    if (site === null || (await this.#latest(site.id, 'browser')) === 'recent') return
    const post = await registry.posts.latest(site.id)
    const policy = this.#policyOf(site)
    const result = await this.#browser?.probe([post?.url ?? site.url, site.url], { policy, signal })
    if (result != null) await record(outcomeOf(site.id, result))
  }

  /** Returns the latest outcome; null if there is none, and `recent` if it is too early for another. */
  async #latest(site: SiteId, kind: ProbeKind): Promise<ProbeRecord | 'recent' | null> {
    const before = new Date()
    const [latest = null] = await this.#options.registry.probeOutcomes.latest(site, kind, {
      limit: 1,
      before,
    })
    return latest !== null && before.getTime() - latest.at.getTime() < minDistance[kind] ? 'recent' : latest
  }

  /** Returns the site of a job; null if it is not probed any more. */
  async #siteOf(data: unknown): Promise<Site | null> {
    const job = v.safeParse(jobSchema, data)
    const site = job.success ? await this.#options.registry.sites.get(job.output.site) : null
    return site?.disconnectedAt === null ? site : null
  }

  /** The site's pages load scripts from this server, too. */
  #policyOf({ allowPrivateAddresses, origins }: Site): AddressPolicy {
    const own = URL.parse(this.#options.publicUrl())?.origin ?? []
    return {
      mayBePrivate: allowPrivateAddresses ? privateOrigins(origins.concat(own)) : () => false,
      resolveAll: this.#resolveAll,
    }
  }
}
