import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { Page } from '../../components/page.tsx'
import { ModerationDecideDocument, ModerationDocument } from '../../generated/graphql.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { BannedSites } from './banned-sites.tsx'
import { CaseHistory } from './case-history.tsx'
import { DecisionForm } from './decision-form.tsx'
import { moderationMessages } from '../../messages/moderation-messages.ts'

const texts = moderationMessages.moderation

/** Interval between two loads, ms. */
const queueEvery = 60_000

const { timeZone } = Intl.DateTimeFormat().resolvedOptions()

/** The queue of reports and appeals, for administrators. */
export function Moderation() {
  const id = useId()
  const send = useSendToGraph()
  const [decided, setDecided] = useState(false)
  const { data, error, reload } = useGraph(ModerationDocument, { decided }, queueEvery)
  return (
    <Page title={texts.moderation}>
      <div class="report community moderation">
        {error !== null && <Failure error={error} onRetry={reload} />}
        {data === null && error === null && <p class="loading">{texts.loading}</p>}
        {data !== null && (
          <section class="panel" aria-labelledby={id}>
            <h2 id={id}>{decided ? texts.allCases : texts.casesThatWait}</h2>
            <p class="hint">{texts.reportsHideNothing}</p>
            {data.moderationQueue.edges.length === 0 && (
              <p>{decided ? texts.nothingWasReportedYet : texts.noReportAndNo}</p>
            )}
            <ul class="finding-list">
              {data.moderationQueue.edges.map(({ node }) => (
                <li key={node.submissionId}>
                  <CaseHistory about={node} timeZone={timeZone}>
                    {node.title !== null && (
                      <DecisionForm
                        about={node.title}
                        choices={[
                          ['HIDE', node.isHidden ? texts.leaveItHidden : texts.hideIt],
                          ['RESTORE', node.isHidden ? texts.showItAgain : texts.leaveItInFeed],
                        ]}
                        hint={texts.siteThatSharedPost}
                        decide={async (action, text) => {
                          await send(ModerationDecideDocument, {
                            input: { submissionId: node.submissionId, action, text },
                          })
                          reload()
                        }}
                      />
                    )}
                  </CaseHistory>
                </li>
              ))}
            </ul>
            <div class="save">
              <button type="button" class="quiet" onClick={() => setDecided(!decided)}>
                {decided ? texts.showWaitingCasesOnly : texts.showDecidedCasesToo}
              </button>
            </div>
          </section>
        )}
        {data !== null && (
          <BannedSites
            bans={data.communityBans.edges.map(({ node }) => node)}
            timeZone={timeZone}
            onChange={reload}
          />
        )}
      </div>
    </Page>
  )
}
