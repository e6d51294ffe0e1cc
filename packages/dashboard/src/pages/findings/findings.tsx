import { Failure } from '../../components/failure.tsx'
import { FindingsDocument } from '../../generated/graphql.ts'
import { formatTime } from '../../report/page-format.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { FindingCard } from './finding-card.tsx'
import { TooFewWeeks } from './too-few-weeks.tsx'
import { findingsMessages } from '../../messages/findings-messages.ts'

const texts = findingsMessages.findings

/** Interval between two loads, ms. Analyses run each day and after an import. */
const findingsEvery = 60_000

/** What the last analysis found, the most important first. */
export function Findings({ site: { siteId, timeZone } }: SitePageProps) {
  const { data, error, reload } = useGraph(FindingsDocument, { siteId }, findingsEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { regions, findings, dismissed } = data.site
  return (
    <div class="report findings">
      {error !== null && <Failure error={error} onRetry={reload} />}
      {findings.edges.length === 0 && (
        <p class="panel">
          {regions === null ? texts.siteWasNotAnalysed : texts.nothingDeservesAttentionRules}
        </p>
      )}
      {findings.edges.length > 0 && (
        <ol class="finding-list">
          {findings.edges.map(({ node }) => (
            <FindingCard key={node.id} finding={node} onChange={reload} />
          ))}
        </ol>
      )}
      {regions?.state === 'TOO_FEW_WEEKS' && <TooFewWeeks weeks={regions.weeks} />}
      {dismissed.edges.length > 0 && (
        <details class="panel">
          <summary>{texts.dismissed(dismissed.edges.length)}</summary>
          <p class="hint">{texts.dismissedFindingComesBack}</p>
          <ol class="finding-list">
            {dismissed.edges.map(({ node }) => (
              <FindingCard key={node.id} finding={node} onChange={reload} />
            ))}
          </ol>
        </details>
      )}
      {regions !== null && (
        <p class="updated">
          {texts.analysed(
            formatTime(Date.parse(regions.analysedAt), { dateStyle: 'medium', timeStyle: 'short', timeZone }),
          )}
        </p>
      )}
    </div>
  )
}
