import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { type EvidenceSource, SiteEvidenceDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import { EvidenceItem, sourceNames } from './evidence-item.tsx'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.evidenceList

/** Interval between two loads, ms. Evidence is gathered each day. */
const evidenceEvery = 300_000
const sources = Object.keys(sourceNames) as EvidenceSource[]

/** The site's evidence, filtered by source, in pages. */
export function EvidenceList({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const [source, setSource] = useState<EvidenceSource | null>(null)
  const [cursors, setCursors] = useState<readonly string[]>([])
  const variables = { siteId, sources: source === null ? null : [source], after: cursors.at(-1) ?? null }
  const { data, error, reload } = useGraph(SiteEvidenceDocument, variables, evidenceEvery)
  const evidence = data?.site?.evidence
  const choose = (value: string) => {
    setSource(sources.find((each) => each === value) ?? null)
    setCursors([])
  }
  const next = evidence?.pageInfo.hasNextPage === true ? evidence.pageInfo.endCursor : null
  return (
    <section class="panel fields" aria-labelledby={`${id}-heading`}>
      <h2 id={`${id}-heading`}>{texts.evidence}</h2>
      <div class="field">
        <label for={id}>{texts.source}</label>
        <select id={id} value={source ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{texts.all}</option>
          {sources.map((each) => (
            <option key={each} value={each}>
              {sourceNames[each]}
            </option>
          ))}
        </select>
      </div>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {evidence === undefined && error === null && <p class="loading">{texts.loading}</p>}
      {evidence?.edges.length === 0 && <p>{texts.nothingIsKnown}</p>}
      {evidence !== undefined && evidence.edges.length > 0 && (
        <ul class="evidence-list">
          {evidence.edges.map(({ node }) => (
            <EvidenceItem key={node.id} item={node} />
          ))}
        </ul>
      )}
      <div class="save">
        {cursors.length > 0 && (
          <button type="button" class="quiet" onClick={() => setCursors(cursors.slice(0, -1))}>
            {texts.newerEvidence}
          </button>
        )}
        {next !== null && (
          <button type="button" class="quiet" onClick={() => setCursors([...cursors, next])}>
            {texts.olderEvidence}
          </button>
        )}
      </div>
    </section>
  )
}
