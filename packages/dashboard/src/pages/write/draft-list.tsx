import { Failure } from '../../components/failure.tsx'
import { DraftsDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { DraftCard } from './draft-card.tsx'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.draftList

/** Interval between two loads, ms: a draft that is being written shows how far it is. */
const draftsEvery = 3000

/** The drafts that the site's model wrote, the newest first. */
export function DraftList({ site }: Pick<SitePageProps, 'site'>) {
  const { data, error, reload } = useGraph(DraftsDocument, { siteId: site.siteId }, draftsEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { drafts, hasModel } = data.site
  return (
    <section aria-labelledby="drafts" class="finding-list">
      <h2 id="drafts">{texts.drafts}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {drafts.edges.length === 0 ? (
        <p class="panel">{hasModel ? texts.noDraftWasWritten : texts.modelOfYourChoice}</p>
      ) : (
        <ol class="finding-list">
          {drafts.edges.map(({ node }) => (
            <DraftCard key={node.id} draft={node} site={site} onChanged={reload} />
          ))}
        </ol>
      )}
    </section>
  )
}
