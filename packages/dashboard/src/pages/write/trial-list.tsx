import { Failure } from '../../components/failure.tsx'
import { PageTrialsDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { TrialCard } from './trial-card.tsx'

/** Interval between two loads, ms. */
const trialsEvery = 30_000

/** The changes that were tried on random halves, the newest first. */
export function TrialList({ site }: Pick<SitePageProps, 'site'>) {
  const { data, error, reload } = useGraph(PageTrialsDocument, { siteId: site.siteId }, trialsEvery)
  if (data === null || data.site === null) {
    return error === null ? <p class="loading">Loading…</p> : <Failure error={error} onRetry={reload} />
  }
  const trials = data.site.pageTrials.edges.map(({ node }) => node)
  return (
    <section aria-labelledby="changes" class="finding-list">
      <h2 id="changes">Changes and their effects</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {trials.length === 0 ? (
        <p class="panel">No title or description was changed from here yet.</p>
      ) : (
        <ol class="finding-list">
          {trials.map((trial) => (
            <TrialCard key={trial.id} trial={trial} site={site} onChanged={reload} />
          ))}
        </ol>
      )}
    </section>
  )
}
