import { Failure } from '../../components/failure.tsx'
import { PageTrialsDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { TrialCard } from './trial-card.tsx'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.trialList

/** Interval between two loads, ms. */
const trialsEvery = 30_000

/** The changes that were tried on random halves, the newest first. */
export function TrialList({ site }: Pick<SitePageProps, 'site'>) {
  const { data, error, reload } = useGraph(PageTrialsDocument, { siteId: site.siteId }, trialsEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const trials = data.site.pageTrials.edges.map(({ node }) => node)
  return (
    <section aria-labelledby="changes" class="finding-list">
      <h2 id="changes">{texts.changesAndTheirEffects}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {trials.length === 0 ? (
        <p class="panel">{texts.noTitleOrDescription}</p>
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
