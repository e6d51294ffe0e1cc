import { type ProbeKind, type ProbeRecord, type Registry, symptoms } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import { objectivesOf } from '../objectives/objective.ts'
import { failuresInRow } from '../rules/judge-probes.ts'
import { ProbeSilence } from '../rules/probe-silence.ts'
import { judgeSiteBudgets } from './judge-site-budgets.ts'
import { isOriginDown, judgeSiteProbes, type ProbeFacts } from './judge-site-probes.ts'
import { readMeasured, readViews, type ViewSeries } from './read-measured.ts'
import { changesOf, type Verdict } from './verdict.ts'

export interface EvaluationOptions {
  readonly registry: Pick<Registry, 'sites' | 'incidents' | 'objectives' | 'probeOutcomes'>
  readonly store: Pick<Store, 'seriesOfSites'>
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
  /** A clock that cannot be set, ms. @default performance.now */
  readonly steady?: () => number
}

/** Judges sites, and opens, updates and resolves their incidents. */
export interface Evaluation {
  /**
   * Judges every site once. A site whose measurements cannot be read is judged by its probes.
   * @param signal ends the run after the sites under way
   * @throws the first error, after all other sites were judged
   */
  run(signal: AbortSignal): Promise<void>
  /** Records a probe's outcome, and judges the site by its probes at once. */
  record(outcome: ProbeRecord): Promise<void>
}

/** Sites that are judged at the same time. */
const concurrency = 4
/** Sites whose views are read together. */
const sitesAtOnce = 100
/** ms: the longest window of a rule. */
const reach = 72 * 3_600_000
const disconnected = { state: 'inhibited', reason: 'The site has disconnected.' } as const

export function createEvaluation(options: EvaluationOptions): Evaluation {
  const { registry, store, now = Date.now, steady = () => performance.now() } = options
  const { incidents, objectives, probeOutcomes, sites } = registry
  const silence = new ProbeSilence(steady)

  const probeFacts = async (site: SiteId, kind: ProbeKind): Promise<ProbeFacts> => {
    const latest = await probeOutcomes.latest(site, kind, {
      limit: failuresInRow,
      before: new Date(now() + 1),
    })
    const [last] = latest
    return {
      latest,
      hasSucceeded: last !== undefined && (await probeOutcomes.firstSuccess(site, kind)) !== null,
      silentMs: last === undefined ? 0 : silence.silentFor(`${kind} ${site}`, last.at),
    }
  }
  const judgeProbesOf = async (site: SiteId) => {
    const [http, browser] = await Promise.all([probeFacts(site, 'http'), probeFacts(site, 'browser')])
    const open = await incidents.open(site)
    return { open, verdicts: judgeSiteProbes(open, { http, browser }) }
  }
  const judgeSite = async (site: SiteId, views: Promise<(site: SiteId) => ViewSeries>) => {
    const { open, verdicts } = await judgeProbesOf(site)
    await incidents.apply(site, changesOf(open, verdicts, now()))
    const at = now()
    const [measured, chosen, spans] = await Promise.all([
      views.then((seriesOf) => readMeasured(registry, site, { ...seriesOf(site), now: at })),
      objectives.of(site),
      incidents.spans(site, new Date(now() - reach)),
    ])
    const budgets = judgeSiteBudgets(open, {
      now: now(),
      objectives: objectivesOf(chosen),
      measured,
      spans,
      isOriginDown: isOriginDown(open, verdicts),
    })
    await incidents.apply(site, changesOf(open, budgets, now()))
  }
  const endIncidents = async (site: SiteId) => {
    const verdicts = symptoms.map((symptom): Verdict => ({ symptom, ...disconnected }))
    await incidents.apply(site, changesOf(await incidents.open(site), verdicts, now()))
  }

  return {
    run: async (signal) => {
      const all = await sites.list()
      const failures: unknown[] = []
      for (let from = 0; from < all.length; from += sitesAtOnce) {
        const batch = all.slice(from, from + sitesAtOnce)
        const connected = batch.filter(({ disconnectedAt }) => disconnectedAt === null).map(({ id }) => id)
        const views = readViews(store, connected, now())
        // Each site rejects with it, after its probes were judged.
        views.catch(() => undefined)
        const waiting = batch.values()
        const judgeNext = async () => {
          for (const { id, disconnectedAt } of waiting) {
            if (signal.aborted) return
            try {
              await (disconnectedAt === null ? judgeSite(id, views) : endIncidents(id))
            } catch (error) {
              failures.push(error)
            }
          }
        }
        await Promise.all(Array.from({ length: concurrency }, judgeNext))
      }
      if (failures.length > 0) throw failures[0]
    },
    record: async (outcome) => {
      await probeOutcomes.record(outcome)
      const { open, verdicts } = await judgeProbesOf(outcome.site)
      await incidents.apply(outcome.site, changesOf(open, verdicts, now()))
    },
  }
}
