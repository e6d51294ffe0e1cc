import { Failure } from '../../components/failure.tsx'
import { DraftTextDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import { EvidenceItem } from './evidence-item.tsx'
import { writeMessages } from '../../messages/write-messages.ts'

const texts = writeMessages.draftText

/** Interval between two loads, ms: what was written does not change. */
const textEvery = 300_000

/** The text of a draft: each claim with the evidence that it cites, and why it is refused. */
export function DraftText({ id }: { readonly id: string }) {
  const { data, error, reload } = useGraph(DraftTextDocument, { id }, textEvery)
  if (data === null) {
    return error === null ? (
      <p class="loading">{texts.loading}</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  if (data.node === null || !('content' in data.node) || data.node.content === null) {
    return <p>{texts.thisDraftIsGone}</p>
  }
  const { content, evidence } = data.node
  return (
    <>
      <p dir="auto">{content.description}</p>
      {content.sections.map(({ heading, claims }, section) => (
        // A section has no id, and the text does not change.
        <section key={section}>
          <h4 dir="auto">{heading}</h4>
          <ul>
            {claims.map(({ text, evidenceIds, refusals }, claim) => (
              <li key={claim}>
                <span dir="auto">{text}</span>{' '}
                <span class="hint">
                  {evidenceIds.length === 0 ? texts.citesNothing : texts.from(evidenceIds.join(', '))}
                </span>
                {refusals.map(({ code, reason }) => (
                  <p key={code} class="bad" dir="auto">
                    {reason}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </section>
      ))}
      <h4>{texts.itsEvidence}</h4>
      <ul class="evidence-list">
        {evidence.map((item) => (
          <EvidenceItem key={item.id} item={item} />
        ))}
      </ul>
    </>
  )
}
