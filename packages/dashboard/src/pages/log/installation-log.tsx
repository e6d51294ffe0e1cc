import { useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { Page } from '../../components/page.tsx'
import { InstallationLogDocument } from '../../generated/graphql.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { everyEvent, logPage } from './every-event.ts'
import { LogPages } from './log-pages.tsx'
import { LogTable } from './log-table.tsx'
import { logMessages } from '../../messages/log-messages.ts'

const texts = logMessages.installationLog

/** Interval between two loads, ms. */
const logEvery = 60_000

/** The log of the whole installation, for administrators. */
export function InstallationLog() {
  const [pages, setPages] = useState<readonly (string | null)[]>([null])
  const after = pages.at(-1) ?? null
  const { data, error, reload } = useGraph(InstallationLogDocument, { first: logPage.shown, after }, logEvery)
  const send = useSendToGraph()
  const loadAll = () =>
    everyEvent(async (page) => (await send(InstallationLogDocument, page)).auditEventsConnection)
  return (
    <Page title={texts.logOfChanges}>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data === null && error === null && <p class="loading">{texts.loading}</p>}
      {data !== null && (
        <section class="panel fields">
          <LogTable
            events={data.auditEventsConnection.edges.map(({ node }) => node)}
            hasSites
            loadAll={loadAll}
          />
          <LogPages pages={pages} next={data.auditEventsConnection.pageInfo} onPages={setPages} />
        </section>
      )}
    </Page>
  )
}
