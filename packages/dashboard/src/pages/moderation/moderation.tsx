import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { Page } from '../../components/page.tsx'
import { ModerationDocument } from '../../generated/graphql.ts'
import { useGraph } from '../../session/use-graph.ts'
import { CaseHistory } from './case-history.tsx'
import { DecisionForm } from './decision-form.tsx'

/** Interval between two loads, ms. */
const queueEvery = 60_000

const { timeZone } = Intl.DateTimeFormat().resolvedOptions()

/** The queue of reports and appeals, for administrators. */
export function Moderation() {
  const id = useId()
  const [decided, setDecided] = useState(false)
  const { data, error, reload } = useGraph(ModerationDocument, { decided }, queueEvery)
  return (
    <Page title="Moderation">
      <div class="report community moderation">
        {error !== null && <Failure error={error} onRetry={reload} />}
        {data === null && error === null && <p class="loading">Loading…</p>}
        {data !== null && (
          <section class="panel" aria-labelledby={id}>
            <h2 id={id}>{decided ? 'All cases' : 'Cases that wait for a decision'}</h2>
            <p class="hint">
              Reports hide nothing by themselves. Each decision is a row of the ledger with its reason. The
              sites concerned get a notice, and the author can appeal once against each decision that hides a
              post.
            </p>
            {data.moderationQueue.edges.length === 0 && (
              <p>{decided ? 'Nothing was reported yet.' : 'No report and no appeal waits.'}</p>
            )}
            <ul class="finding-list">
              {data.moderationQueue.edges.map(({ node }) => (
                <li key={node.submissionId}>
                  <CaseHistory about={node} timeZone={timeZone}>
                    {node.title !== null && (
                      <DecisionForm
                        submissionId={node.submissionId}
                        title={node.title}
                        isHidden={node.isHidden}
                        onChange={reload}
                      />
                    )}
                  </CaseHistory>
                </li>
              ))}
            </ul>
            <div class="save">
              <button type="button" class="quiet" onClick={() => setDecided(!decided)}>
                {decided ? 'Show waiting cases only' : 'Show decided cases, too'}
              </button>
            </div>
          </section>
        )}
      </div>
    </Page>
  )
}
