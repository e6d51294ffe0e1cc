import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { MissingSection } from '../../components/section.tsx'
import {
  type SearchListKind,
  type SearchListOrder,
  SearchPerformanceDocument,
  type SearchQuery,
} from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { everyPage } from '../../report/every-page.ts'
import { format } from '../../report/page-format.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { positionText, SearchRows } from './search-rows.tsx'

/** Interval between two loads of a list, ms. An import takes minutes, and is made again every six hours. */
const performanceEvery = 60_000

/** Rows of a page, as in the page's own query, and of a page of a CSV file. */
const pageSize = 25
const savedPageSize = 100

type SearchSite = NonNullable<SearchQuery['site']>
type Figures = NonNullable<SearchSite['searchPerformance']>

interface PerformanceProps {
  readonly siteId: string
  /** What the page's query has: the totals, and the first page of the list that is shown first. */
  readonly of: Pick<SearchSite, 'searchConsole' | 'searchPerformance'>
  /** Whether the server could not answer this part of the query. */
  readonly isMissing: boolean
}

/** The list that is chosen, and the cursors of its pages before the shown one. */
interface Chosen {
  readonly by: SearchListKind
  readonly orderBy: SearchListOrder
  readonly cursors: readonly string[]
}

const chosenFirst: Chosen = { by: 'QUERY', orderBy: 'CLICKS', cursors: [] }

/** What Search Console reports of the site: totals, and lists of its top rows. */
export function Performance({ siteId, of, isMissing }: PerformanceProps) {
  const [chosen, choose] = useState(chosenFirst)
  const { searchConsole: texts } = messages
  if (isMissing) return <MissingSection title={texts.title} />
  const { searchConsole: connection, searchPerformance: first } = of
  const shown = { siteId, connection, chosen, onChoose: choose }
  const isFirst = chosen.by === 'QUERY' && chosen.orderBy === 'CLICKS' && chosen.cursors.length === 0
  if (first === null || isFirst) return <Shown {...shown} performance={first} failure={null} />
  return <Loaded {...shown} first={first} />
}

interface ShownProps {
  readonly siteId: string
  readonly connection: SearchSite['searchConsole']
  readonly chosen: Chosen
  readonly onChoose: (chosen: Chosen) => void
}

/** Another list than the first, or another page of it. Until it is there, the first one stays. */
function Loaded({ first, ...props }: ShownProps & { readonly first: Figures }) {
  const { siteId, chosen } = props
  const { by, orderBy, cursors } = chosen
  const range = { firstDay: null, lastDay: null }
  const variables = { siteId, by, orderBy, ...range, first: pageSize, after: cursors.at(-1) ?? null }
  const { data, error, reload } = useGraph(SearchPerformanceDocument, variables, performanceEvery)
  return (
    <Shown
      {...props}
      performance={data?.site?.searchPerformance ?? first}
      failure={error && <Failure error={error} onRetry={reload} />}
    />
  )
}

interface ListedProps extends ShownProps {
  readonly performance: Figures | null
  readonly failure: ComponentChildren
}

function Shown({ siteId, connection, chosen, onChoose, performance, failure }: ListedProps) {
  const id = useId()
  const send = useSendToGraph()
  const { by, orderBy, cursors } = chosen
  const { searchConsole: texts } = messages
  const order = (picked: SearchListOrder) => onChoose({ by, orderBy: picked, cursors: [] })
  const loadAll = ({ firstDay, lastDay }: Figures) =>
    everyPage(async (after) => {
      const page = { siteId, by, orderBy, firstDay, lastDay, first: savedPageSize, after }
      const found = (await send(SearchPerformanceDocument, page)).site?.searchPerformance?.list.page
      return { rows: found?.rows ?? [], next: found?.hasNextPage === true ? found.endCursor : null }
    })
  return (
    <>
      <section class="panel fields performance" aria-labelledby={id}>
        <h2 id={id}>{texts.title}</h2>
        {failure}
        {performance === null && <NotImported siteId={siteId} isConnected={connection !== null} />}
        {connection?.problem != null && <p class="bad">{connection.detail}</p>}
        {performance !== null && (
          <>
            <Totals performance={performance} />
            <div class="filters">
              <Choice
                label={texts.list}
                names={texts.lists}
                value={by}
                onPick={(picked) => onChoose({ by: picked, orderBy, cursors: [] })}
              />
              <Choice label={texts.orderBy} names={texts.orders} value={orderBy} onPick={order} />
            </div>
          </>
        )}
      </section>
      {performance !== null && (
        <SearchRows
          rows={performance.list.page.rows}
          by={by}
          orderBy={orderBy}
          onOrder={order}
          loadAll={() => loadAll(performance)}
        >
          <Pages
            hasBefore={cursors.length > 0}
            next={performance.list.page.hasNextPage ? performance.list.page.endCursor : null}
            onBefore={() => onChoose({ by, orderBy, cursors: cursors.slice(0, -1) })}
            onNext={(cursor) => onChoose({ by, orderBy, cursors: [...cursors, cursor] })}
          />
        </SearchRows>
      )}
    </>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly names: Readonly<Record<Value, string>>
  readonly value: Value
  readonly onPick: (value: Value) => void
}

function Choice<Value extends string>({ label, names, value, onPick }: ChoiceProps<Value>) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={({ currentTarget }) => onPick(currentTarget.value as Value)}>
        {Object.entries<string>(names).map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function NotImported({ siteId, isConnected }: { readonly siteId: string; readonly isConnected: boolean }) {
  const { searchConsole: texts } = messages
  if (isConnected) return <p class="hint">{texts.importing}</p>
  return (
    <p class="hint">
      {texts.notConnected} <a href={hrefOf(`/sites/${siteId}/settings`)}>{texts.connect}</a>
    </p>
  )
}

function Totals({ performance: { firstDay, lastDay, total, list } }: { readonly performance: Figures }) {
  const { searchConsole: texts } = messages
  if (total === null) return <p class="hint">{texts.noDay(firstDay, lastDay)}</p>
  const { clicks, impressions, ctr, position, days } = total
  const listed = list.listed
  const share = listed === null || impressions === 0 ? null : Math.min(1, listed.impressions / impressions)
  const figures = [
    [texts.clicks, format.count(clicks)],
    [texts.impressions, format.count(impressions)],
    [texts.ctr, ctr === null ? texts.none : format.ratio(ctr)],
    [texts.meanPosition, position === null ? texts.none : positionText(position)],
  ] as const
  return (
    <>
      <dl class="search-totals">
        {figures.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        {texts.days(firstDay, lastDay, format.count(days))}{' '}
        {share === null ? texts.topRows : texts.topRowsOf(format.ratio(share))}
      </p>
    </>
  )
}

interface PagesProps {
  readonly hasBefore: boolean
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null
  readonly onBefore: () => void
  readonly onNext: (cursor: string) => void
}

function Pages({ hasBefore, next, onBefore, onNext }: PagesProps) {
  const { searchConsole: texts } = messages
  if (!hasBefore && next === null) return null
  return (
    <div class="save table-note">
      <button type="button" class="quiet" disabled={!hasBefore} onClick={onBefore}>
        {texts.previous}
      </button>
      <button
        type="button"
        class="quiet"
        disabled={next === null}
        onClick={() => next !== null && onNext(next)}
      >
        {texts.next}
      </button>
    </div>
  )
}
