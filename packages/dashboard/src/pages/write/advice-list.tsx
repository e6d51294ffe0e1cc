import { Failure } from '../../components/failure.tsx'
import { AdviceDocument, type AdviceFragment, type AdviceKind } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { AdviceForm } from './advice-form.tsx'
import { adviceNames } from './advice-kind.ts'

/** Interval between two loads, ms. Pages are read each day. */
const adviceEvery = 60_000

/** What search engines show of the site's pages, and should not. */
export function AdviceList({ site: { siteId, mayWrite } }: Pick<SitePageProps, 'site'>) {
  const { data, error, reload } = useGraph(AdviceDocument, { siteId }, adviceEvery)
  if (data === null || data.site === null) {
    return error === null ? <p class="loading">Loading…</p> : <Failure error={error} onRetry={reload} />
  }
  const { edges, pageInfo } = data.site.advice
  const advice = edges.map(({ node }) => node)
  const kinds = (Object.keys(adviceNames) as AdviceKind[]).filter((kind) =>
    advice.some((each) => each.kind === kind),
  )
  return (
    <section aria-labelledby="advice" class="finding-list">
      <h2 id="advice">Titles and descriptions</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {kinds.length === 0 && (
        <p class="panel">Every page that was read has a title and a description of its own that fit.</p>
      )}
      {kinds.map((kind) => (
        <details key={kind} class="panel">
          <summary>
            {adviceNames[kind]} ({count(advice, kind)}
            {pageInfo.hasNextPage ? ' or more' : ''})
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
