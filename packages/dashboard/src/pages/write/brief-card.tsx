import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { BriefEvidenceDocument, type BriefFragment, type BriefKind } from '../../generated/graphql.ts'
import { format, languageName } from '../../report/page-format.ts'
import { useGraph } from '../../session/use-graph.ts'
import { EvidenceItem } from './evidence-item.tsx'
import { WriteDraft } from './write-draft.tsx'
import { writeMessages } from '../../messages/write-messages.ts'

const words = writeMessages.briefCard

/** Interval between two loads, ms: the evidence of a brief seldom changes. */
const evidenceEvery = 300_000

const kinds: Readonly<Record<BriefKind, string>> = {
  LAGGING_REGION: words.regionLags,
  QUERY_WITHOUT_PAGE: words.searchedAndNoPost,
  DECLINING_POST: words.postLosesVisits,
  COMMUNITY_QUESTION: words.communityAsks,
}

interface BriefCardProps {
  readonly brief: BriefFragment
  /** Whether a draft can be requested. */
  readonly mayDraft: boolean
  /** Called when a draft was requested. */
  readonly onRequested: () => void
}

/** One brief: why, for whom, and on request from what. */
export function BriefCard({ brief, mayDraft, onRequested }: BriefCardProps) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const { kind, question, readers, why, score, titles, descriptions, links, updates } = brief
  return (
    <li class="finding panel brief" aria-labelledby={id}>
      <h3 id={id} dir="auto">
        {question}
      </h3>
      <p class="hint">{words.aboutMoreVisits(kinds[kind], format.count(score))}</p>
      <p>{why}</p>
      <p>
        <strong>{words.readers}</strong> {readers}
        {brief.language !== null && words.language(languageName(brief.language))}
      </p>
      {updates.length > 0 && (
        <ul>
          {updates.map(({ postId, advice, reason }) => (
            <li key={`${postId} ${advice}`}>
              {advice === 'MERGE' ? words.mergeWith : words.update} {words.post(postId, reason)}
            </li>
          ))}
        </ul>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{words.wholeBrief}</summary>
        <MeasuredTexts heading={words.titles} texts={titles} shown={580} />
        <MeasuredTexts heading={words.descriptionsToBeRewritten} texts={descriptions} shown={920} />
        {links.length > 0 && (
          <>
            <h4>{words.linkTo}</h4>
            <ul>
              {links.map(({ postId, url, title }) => (
                <li key={postId}>{/^https?:/.test(url) ? <a href={url}>{title}</a> : title}</li>
              ))}
            </ul>
          </>
        )}
        {isOpen && <BriefEvidence id={brief.id} />}
      </details>
      {mayDraft && <WriteDraft briefId={brief.id} onRequested={onRequested} />}
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
            <span dir="auto">{text}</span> <span class="hint">{words.ofPx(Math.round(pixels), shown)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

function BriefEvidence({ id }: { readonly id: string }) {
  const { data, error, reload } = useGraph(BriefEvidenceDocument, { id }, evidenceEvery)
  if (data === null) {
    return error === null ? (
      <p class="loading">{words.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  if (data.node === null || !('outline' in data.node)) return <p>{words.thisBriefIsGone}</p>
  const { outline, facts } = data.node
  return (
    <>
      <h4>{words.outline}</h4>
      <ol>
        {outline.map(({ heading, evidence }) => (
          <li key={heading}>
            <span dir="auto">{heading}</span>{' '}
            <span class="hint">
              {evidence.length === 0
                ? words.nothingIsKnownYet
                : words.from(
                    evidence.map(({ title, evidenceId }) => words.named(title ?? evidenceId)).join(', '),
                  )}
            </span>
          </li>
        ))}
      </ol>
      <h4>{words.facts}</h4>
      {facts.edges.length === 0 ? (
        <p>{words.nothingIsKnownYetUploadNotes}</p>
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
