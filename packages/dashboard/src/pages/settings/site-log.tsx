import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { SiteLogDocument } from '../../generated/graphql.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { everyEvent, logPage } from '../log/every-event.ts'
import { LogPages } from '../log/log-pages.tsx'
import { LogTable } from '../log/log-table.tsx'
import { settingsMessages } from '../../messages/settings-messages.ts'

const texts = settingsMessages.siteLog

interface SiteLogProps {
  readonly siteId: string
  /** The site's. */
  readonly timeZone: string
}

/** Interval between two loads, ms. */
const logEvery = 60_000

/** The log of changes to the site's members, tokens and keys, with who made them. */
export function SiteLog({ siteId, timeZone }: SiteLogProps) {
  const id = useId()
  const [pages, setPages] = useState<readonly (string | null)[]>([null])
  const after = pages.at(-1) ?? null
  const { data, error, reload } = useGraph(SiteLogDocument, { siteId, first: logPage.shown, after }, logEvery)
  const send = useSendToGraph()
  const loadAll = () =>
    everyEvent(async (page) => (await send(SiteLogDocument, { siteId, ...page })).site?.auditEventsConnection)
  const log = data?.site?.auditEventsConnection
  return (
    <section class="panel fields" aria-labelledby={id}>
      <h2 id={id}>{texts.logOfChanges}</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {log?.edges.length === 0 && <p class="hint">{texts.nothingWasChangedYet}</p>}
      {log !== undefined && log.edges.length > 0 && (
        <LogTable
          events={log.edges.map(({ node }) => node)}
          timeZone={timeZone}
          hasSites={false}
          loadAll={loadAll}
        />
      )}
      {log !== undefined && <LogPages pages={pages} next={log.pageInfo} onPages={setPages} />}
    </section>
  )
}
