import { useId } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { ModerationAppealDocument, SiteCasesDocument } from '../../generated/graphql.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { CaseHistory } from '../moderation/case-history.tsx'
import { AppealForm } from './appeal-form.tsx'
import { communityMessages } from '../../messages/community-messages.ts'

const texts = communityMessages.siteCases

/** Interval between two loads, ms. */
const casesEvery = 60_000

interface SiteCasesProps {
  readonly siteId: string
  readonly timeZone: string
  /** Called after an appeal. */
  readonly onChange: () => void
}

/** Cases about posts that the site shared or reported; nothing if there is none. */
export function SiteCases({ siteId, timeZone, onChange }: SiteCasesProps) {
  const id = useId()
  const send = useSendToGraph()
  const { data, error, reload } = useGraph(SiteCasesDocument, { siteId }, casesEvery)
  const cases = data?.site?.moderation.edges ?? []
  if (error !== null) return <Failure error={error} onRetry={reload} />
  if (cases.length === 0) return null
  return (
    <section class="panel" aria-labelledby={id}>
      <h2 id={id}>{texts.reportsAndDecisions}</h2>
      <ul class="finding-list">
        {cases.map(({ node }) => (
          <li key={node.submissionId}>
            <CaseHistory about={node} timeZone={timeZone}>
              {node.mayAppeal && (
                <AppealForm
                  question={texts.appealWhyPostShould}
                  appeal={async (text) => {
                    await send(ModerationAppealDocument, {
                      input: { siteId, submissionId: node.submissionId, text },
                    })
                    reload()
                    onChange()
                  }}
                />
              )}
            </CaseHistory>
          </li>
        ))}
      </ul>
    </section>
  )
}
