import {
  ConnectorRemoveDocument,
  ConnectorSetDocument,
  type SiteConnectorsQuery,
} from '../../generated/graphql.ts'
import { format, formatTime } from '../../report/page-format.ts'
import { useChange } from '../../session/use-change.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { NewWebhook } from './add-connector.tsx'
import { lastOutcome } from './connector-state.ts'
import { ConnectorPages } from './connector-pages.tsx'
import { connectorsMessages } from '../../messages/connectors-messages.ts'

const texts = connectorsMessages.connectorPanel

type Connector = NonNullable<SiteConnectorsQuery['site']>['connectors'][number]

interface ConnectorPanelProps {
  readonly siteId: string
  readonly timeZone: string
  readonly connector: Connector
  readonly onChange: (webhook: NewWebhook | null) => void
}

const names = { FEED: texts.feed, SITEMAP: texts.sitemap, WEBHOOK: texts.webhook } as const

/** One connector: its address, how its last use ended, and what it read. */
export function ConnectorPanel({ siteId, timeZone, connector, onChange }: ConnectorPanelProps) {
  const { connectorId, kind, url, path, everyMinutes, error, problems, pages } = connector
  const { make, problem, isBusy } = useChange()
  const send = useSendToGraph()
  const time = (text: string | null) =>
    text === null
      ? texts.never
      : formatTime(Date.parse(text), { dateStyle: 'medium', timeStyle: 'short', timeZone })
  const pollOrRenew = () =>
    make(async () => {
      const input = { siteId, kind, url, everyMinutes }
      const { connectorSet } = await send(ConnectorSetDocument, { input })
      const { secret } = connectorSet
      onChange(secret === null || path === null ? null : { path, secret })
    })
  const remove = () =>
    make(async () => {
      await send(ConnectorRemoveDocument, { input: { siteId, connectorId } })
      onChange(null)
    })
  return (
    <section class="panel fields" aria-label={`${names[kind]} ${url ?? path ?? ''}`}>
      <h2>{names[kind]}</h2>
      <p>
        <code>{url ?? path}</code>
      </p>
      {error !== null && (
        <p class="bad" role="alert">
          {error}
        </p>
      )}
      <p>{lastOutcome(connector, format.count)}</p>
      <dl class="pairs">
        {kind === 'WEBHOOK' ? (
          <>
            <dt>{texts.lastEvent}</dt>
            <dd>{time(connector.receivedAt)}</dd>
          </>
        ) : (
          <>
            <dt>{texts.lastPoll}</dt>
            <dd>{time(connector.polledAt)}</dd>
            <dt>{texts.lastSuccess}</dt>
            <dd>{time(connector.succeededAt)}</dd>
            <dt>{texts.nextPoll}</dt>
            <dd>{time(connector.dueAt)}</dd>
            <dt>{texts.interval}</dt>
            <dd>{everyMinutes === null ? texts.never : texts.minutes(everyMinutes)}</dd>
          </>
        )}
      </dl>
      {error === null && problems.length > 0 && (
        <ul class="problems">
          {problems.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
      {pages.length > 0 && <ConnectorPages pages={pages} time={time} />}
      {problem !== null && (
        <p class="bad" role="alert">
          {problem}
        </p>
      )}
      <div class="save">
        <button type="button" disabled={isBusy} onClick={pollOrRenew}>
          {kind === 'WEBHOOK' ? texts.newSecret : texts.pollNow}
        </button>
        <button type="button" disabled={isBusy} onClick={remove}>
          {texts.remove}
        </button>
        <span class="hint">{texts.publishedPostsStay}</span>
      </div>
    </section>
  )
}
