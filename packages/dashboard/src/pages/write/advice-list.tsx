import { Failure } from '../../components/failure.tsx'
import { AdviceDocument, type AdviceFragment, type AdviceKind } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { AdviceForm } from './advice-form.tsx'
import { adviceNames } from './advice-kind.ts'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.adviceList

/** Interval between two loads, ms. Pages are read each day. */
const adviceEvery = 60_000

/** What search engines show of the site's pages, and should not. */
export function AdviceList({ site: { siteId, mayWrite } }: Pick<SitePageProps, 'site'>) {
  const { data, error, reload } = useGraph(AdviceDocument, { siteId }, adviceEvery)
  if (data === null || data.site === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { edges, pageInfo } = data.site.advice
  const advice = edges.map(({ node }) => node)
  const kinds = (Object.keys(adviceNames) as AdviceKind[]).filter((kind) =>
    advice.some((each) => each.kind === kind),
  )
  return (
    <section aria-labelledby="advice" class="finding-list">
      <h2 id="advice">{texts.titlesAndDescriptions}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {kinds.length === 0 && <p class="panel">{texts.everyPageThatWas}</p>}
      {kinds.map((kind) => (
        <details key={kind} class="panel">
          <summary>
            {adviceNames[kind]} ({count(advice, kind)}
            {pageInfo.hasNextPage ? texts.orMore : ''})
          </summary>
          <AdviceForm
            siteId={siteId}
            kind={kind}
            advice={advice.filter((each) => each.kind === kind)}
            mayWrite={mayWrite}
            onStarted={reload}
          />
        </details>
      ))}
    </section>
  )
}

function count(advice: readonly AdviceFragment[], kind: AdviceKind): number {
  return advice.filter((each) => each.kind === kind).length
}
