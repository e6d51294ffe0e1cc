import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { BriefEvidenceDocument, type BriefFragment, type BriefKind } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { useGraph } from '../../session/use-graph.ts'
import { EvidenceItem } from './evidence-item.tsx'
import { WriteDraft } from './write-draft.tsx'

/** Interval between two loads, ms: the evidence of a brief seldom changes. */
const evidenceEvery = 300_000

const kinds: Readonly<Record<BriefKind, string>> = {
  LAGGING_REGION: 'A region lags',
  QUERY_WITHOUT_PAGE: 'Searched, and no post answers it',
  DECLINING_POST: 'A post loses visits',
  COMMUNITY_QUESTION: 'The community asks',
}

interface BriefCardProps {
  readonly brief: BriefFragment
  /** Whether a draft can be requested. */
  readonly mayDraft: boolean
}

/** One brief: why, for whom, and on request from what. */
export function BriefCard({ brief, mayDraft }: BriefCardProps) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const { kind, question, readers, why, score, titles, descriptions, links, updates } = brief
  return (
    <li class="finding panel brief" aria-labelledby={id}>
      <h3 id={id} dir="auto">
        {question}
      </h3>
      <p class="hint">
        {kinds[kind]}. About {format.count(score)} more visits from search engines in four weeks, an estimate.
      </p>
      <p>{why}</p>
      <p>
        <strong>Readers:</strong> {readers}
        {brief.language !== null && `. Language: ${brief.language}`}
      </p>
      {updates.length > 0 && (
        <ul>
          {updates.map(({ postId, advice, reason }) => (
            <li key={`${postId} ${advice}`}>
              {advice === 'MERGE' ? 'Merge with' : 'Update'} post {postId}: {reason}
            </li>
          ))}
        </ul>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>The whole brief</summary>
        <MeasuredTexts heading="Titles" texts={titles} shown={580} />
        <MeasuredTexts heading="Descriptions, to be rewritten" texts={descriptions} shown={920} />
        {links.length > 0 && (
          <>
            <h4>Link to</h4>
            <ul>
              {links.map(({ postId, url, title }) => (
                <li key={postId}>{/^https?:/.test(url) ? <a href={url}>{title}</a> : title}</li>
              ))}
            </ul>
          </>
        )}
        {isOpen && <BriefEvidence id={brief.id} />}
      </details>
      {mayDraft && <WriteDraft briefId={brief.id} />}
    </li>
  )
}

interface MeasuredTextsProps {
  readonly heading: string
  readonly texts: BriefFragment['titles']
  /** CSS pixels that a search engine shows. */
  readonly shown: number
}

function MeasuredTexts({ heading, texts, shown }: MeasuredTextsProps) {
  if (texts.length === 0) return null
  return (
    <>
      <h4>{heading}</h4>
      <ul>
        {texts.map(({ text, pixels }) => (
          <li key={text}>
            <span dir="auto">{text}</span>{' '}
            <span class="hint">
              {Math.round(pixels)} of {shown} px
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

function BriefEvidence({ id }: { readonly id: string }) {
  const { data, error, reload } = useGraph(BriefEvidenceDocument, { id }, evidenceEvery)
  if (data === null) {
    return error === null ? <p class="loading">Loading…</p> : <Failure error={error} onRetry={reload} />
  }
  if (data.node === null || !('outline' in data.node)) return <p>This brief is gone. Load the page again.</p>
  const { outline, facts } = data.node
  return (
    <>
      <h4>Outline</h4>
      <ol>
        {outline.map(({ heading, evidence }) => (
          <li key={heading}>
            <span dir="auto">{heading}</span>{' '}
            <span class="hint">
              {evidence.length === 0
                ? 'Nothing is known yet.'
                : `From ${evidence.map(({ title, evidenceId }) => title ?? evidenceId).join(', ')}`}
            </span>
          </li>
        ))}
      </ol>
      <h4>Facts</h4>
      {facts.edges.length === 0 ? (
        <p>Nothing is known yet: upload notes below.</p>
      ) : (
        <ul class="evidence-list">
          {facts.edges.map(({ node }) => (
            <EvidenceItem key={node.id} item={node} />
          ))}
        </ul>
      )}
    </>
  )
}
