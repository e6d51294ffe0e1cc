import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import {
  type SearchListKind,
  type SearchListOrder,
  SearchPerformanceDocument,
  type SearchPerformanceQuery,
} from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { everyPage } from '../../report/every-page.ts'
import { format } from '../../report/page-format.ts'
import { useGraph, useSendToGraph } from '../../session/use-graph.ts'
import { LanguageTable } from './language-table.tsx'
import { positionText, SearchRows } from './search-rows.tsx'

/** Interval between two loads, ms. An import takes minutes, and is made again every six hours. */
const performanceEvery = 60_000

/** Rows of a page, and of a page of a CSV file. */
const pageSize = 25
const savedPageSize = 100

type Shown = NonNullable<NonNullable<SearchPerformanceQuery['site']>['searchPerformance']>

/** What Search Console reports of the site: totals, and lists of its top rows. */
export function Performance({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const [by, setBy] = useState<SearchListKind>('QUERY')
  const [orderBy, setOrderBy] = useState<SearchListOrder>('CLICKS')
  /** The cursors of the pages before the shown one. */
  const [cursors, setCursors] = useState<readonly string[]>([])
  const send = useSendToGraph()
  const list = { siteId, by, orderBy, firstDay: null, lastDay: null }
  const variables = { ...list, first: pageSize, after: cursors.at(-1) ?? null }
  const { data, error, reload } = useGraph(SearchPerformanceDocument, variables, performanceEvery)
  const performance = data?.site?.searchPerformance ?? null
  const connection = data?.site?.searchConsole ?? null
  const { searchConsole: texts } = messages
  const order = (picked: SearchListOrder) => {
    setOrderBy(picked)
    setCursors([])
  }
  const loadAll = ({ firstDay, lastDay }: Shown) =>
    everyPage(async (after) => {
      const page = { ...list, firstDay, lastDay, first: savedPageSize, after }
      const found = (await send(SearchPerformanceDocument, page)).site?.searchPerformance?.list.page
      return { rows: found?.rows ?? [], next: found?.hasNextPage === true ? found.endCursor : null }
    })
  return (
    <>
      <section class="panel fields performance" aria-labelledby={id}>
        <h2 id={id}>{texts.title}</h2>
        {error !== null && <Failure error={error} onRetry={reload} />}
        {data !== null && performance === null && (
          <NotImported siteId={siteId} isConnected={connection !== null} />
        )}
        {connection?.problem != null && <p class="bad">{connection.detail}</p>}
        {performance !== null && (
          <>
            <Totals performance={performance} />
            <div class="filters">
              <Choice
                label={texts.list}
                names={texts.lists}
                value={by}
                onPick={(picked) => {
                  setBy(picked)
                  setCursors([])
                }}
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
            onBefore={() => setCursors(cursors.slice(0, -1))}
            onNext={(cursor) => setCursors([...cursors, cursor])}
          />
        </SearchRows>
      )}
      <LanguageTable rows={data?.site?.regions?.languages ?? []} />
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

function Totals({ performance: { firstDay, lastDay, total, list } }: { readonly performance: Shown }) {
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
