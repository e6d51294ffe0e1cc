import { useId } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { ModerationAppealDocument, SiteCasesDocument } from '../../generated/graphql.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { useSubmit } from '../../session/use-submit.ts'
import { CaseHistory } from '../moderation/case-history.tsx'
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
                <Appeal
                  siteId={siteId}
                  submissionId={node.submissionId}
                  onChange={() => {
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

interface AppealProps extends Pick<SiteCasesProps, 'siteId' | 'onChange'> {
  readonly submissionId: string
}

function Appeal({ siteId, submissionId, onChange }: AppealProps) {
  const id = useId()
  const send = useSendToGraph()
  const { submit, problem, isBusy } = useSubmit(async (field) => {
    await send(ModerationAppealDocument, { input: { siteId, submissionId, text: field('text') } })
    onChange()
  })
  return (
    <form class="fields" onSubmit={submit}>
      <div class="field">
        <label for={id}>{texts.appealWhyPostShould}</label>
        <p class="hint" id={`${id}-hint`}>
          {texts.operatorReads}
        </p>
        <textarea id={id} name="text" rows={3} maxLength={2000} required aria-describedby={`${id}-hint`} />
      </div>
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="submit" disabled={isBusy}>
          {texts.appeal}
        </button>
      </div>
    </form>
  )
}
