import { useId, useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import {
  type SearchListKind,
  type SearchListOrder,
  SearchPerformanceDocument,
  type SearchPerformanceQuery,
} from '../../generated/graphql.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { countryName, format } from '../../report/page-format.ts'
import { useGraph } from '../../session/use-graph.ts'

/** Interval between two loads, ms. An import takes minutes, and is made again every six hours. */
const performanceEvery = 60_000

type Shown = NonNullable<NonNullable<SearchPerformanceQuery['site']>['searchPerformance']>

const kinds: readonly { readonly kind: SearchListKind; readonly label: string; readonly header: string }[] = [
  { kind: 'QUERY', label: 'Queries', header: 'Query' },
  { kind: 'PAGE', label: 'Pages', header: 'Page' },
  { kind: 'COUNTRY', label: 'Countries', header: 'Country' },
  { kind: 'DEVICE', label: 'Devices', header: 'Device' },
]
const orders: readonly { readonly order: SearchListOrder; readonly label: string }[] = [
  { order: 'CLICKS', label: 'Clicks' },
  { order: 'IMPRESSIONS', label: 'Impressions' },
  { order: 'CTR', label: 'Click-through rate' },
  { order: 'POSITION', label: 'Position' },
]

/** What Search Console reports of the site: totals, and lists of its top rows. */
export function Performance({ siteId }: { readonly siteId: string }) {
  const id = useId()
  const [by, setBy] = useState<SearchListKind>('QUERY')
  const [orderBy, setOrderBy] = useState<SearchListOrder>('CLICKS')
  /** The cursors of the pages before the shown one. */
  const [cursors, setCursors] = useState<readonly string[]>([])
  const variables = { siteId, by, orderBy, after: cursors.at(-1) ?? null, firstDay: null, lastDay: null }
  const { data, error, reload } = useGraph(SearchPerformanceDocument, variables, performanceEvery)
  const performance = data?.site?.searchPerformance ?? null
  const connection = data?.site?.searchConsole ?? null
  const header = kinds.find(({ kind }) => kind === by)?.header ?? ''
  return (
    <section class="panel fields performance" aria-labelledby={id}>
      <h2 id={id}>Google Search Console</h2>
      {error !== null && <Failure error={error} onRetry={reload} />}
      {data !== null && performance === null && (
        <NotImported siteId={siteId} isConnected={connection !== null} />
      )}
      {connection?.problem != null && <p class="bad">{connection.detail}</p>}
      {performance !== null && (
        <>
          <Totals performance={performance} />
          <div class="filters">
            <label>
              List{' '}
              <select
                value={by}
                onChange={({ currentTarget }) => {
                  setBy(currentTarget.value as SearchListKind)
                  setCursors([])
                }}
              >
                {kinds.map(({ kind, label }) => (
                  <option key={kind} value={kind}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
            <label>
              Order by{' '}
              <select
                value={orderBy}
                onChange={({ currentTarget }) => {
                  setOrderBy(currentTarget.value as SearchListOrder)
                  setCursors([])
                }}
              >
                {orders.map(({ order, label }) => (
                  <option key={order} value={order}>
                    {label}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <Rows performance={performance} by={by} header={header} />
          <Pages
            hasBefore={cursors.length > 0}
            next={performance.list.page.hasNextPage ? performance.list.page.endCursor : null}
            onBefore={() => setCursors(cursors.slice(0, -1))}
            onNext={(cursor) => setCursors([...cursors, cursor])}
          />
        </>
      )}
    </section>
  )
}

function NotImported({ siteId, isConnected }: { readonly siteId: string; readonly isConnected: boolean }) {
  if (isConnected) return <p class="hint">The first figures are being imported.</p>
  return (
    <p class="hint">
      Queries, impressions, clicks and positions are shown here once an owner{' '}
      <a href={hrefOf(`/sites/${siteId}/settings`)}>connects Search Console in the settings</a>.
    </p>
  )
}

function Totals({ performance: { firstDay, lastDay, total, list } }: { readonly performance: Shown }) {
  if (total === null)
    return (
      <p class="hint">
        No day of {firstDay} to {lastDay} was imported.
      </p>
    )
  const { clicks, impressions, ctr, position, days } = total
  const listed = list.listed
  const share = listed === null || impressions === 0 ? null : Math.min(1, listed.impressions / impressions)
  return (
    <>
      <dl class="search-totals">
        <div>
          <dt>Clicks</dt>
          <dd>{format.count(clicks)}</dd>
        </div>
        <div>
          <dt>Impressions</dt>
          <dd>{format.count(impressions)}</dd>
        </div>
        <div>
          <dt>Click-through rate</dt>
          <dd>{ctr === null ? '–' : format.ratio(ctr)}</dd>
        </div>
        <div>
          <dt>Mean position</dt>
          <dd>{position === null ? '–' : positionText(position)}</dd>
        </div>
      </dl>
      <p class="hint">
        {firstDay} to {lastDay} in Pacific time, {format.count(days)} imported days. The last days may still
        change. Google reports top rows only and hides rare queries
        {share === null ? '' : `: this list has ${format.ratio(share)} of all impressions`}.
      </p>
    </>
  )
}

interface RowsProps {
  readonly performance: Shown
  readonly by: SearchListKind
  readonly header: string
}

function Rows({ performance, by, header }: RowsProps) {
  const { rows } = performance.list.page
  if (rows.length === 0) return <p class="hint">Google reported no rows of this list.</p>
  return (
    <div class="table-scroll" role="region" aria-label="Rows of the list" tabIndex={0}>
      <table class="search-rows">
        <thead>
          <tr>
            <th scope="col">{header}</th>
            <th scope="col">Clicks</th>
            <th scope="col">Impressions</th>
            <th scope="col">CTR</th>
            <th scope="col">Position</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, clicks, impressions, ctr, position }) => (
            <tr key={key}>
              <th scope="row">
                <bdi>{nameOf(key, by)}</bdi>
              </th>
              <td>{format.count(clicks)}</td>
              <td>{format.count(impressions)}</td>
              <td>{ctr === null ? '–' : format.ratio(ctr)}</td>
              <td>{position === null ? '–' : positionText(position)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
  if (!hasBefore && next === null) return null
  return (
    <div class="save">
      <button type="button" class="quiet" disabled={!hasBefore} onClick={onBefore}>
        Previous rows
      </button>
      <button
        type="button"
        class="quiet"
        disabled={next === null}
        onClick={() => next !== null && onNext(next)}
      >
        Next rows
      </button>
    </div>
  )
}

function nameOf(key: string, by: SearchListKind): string {
  if (by === 'COUNTRY') return key === 'ZZ' ? 'Unknown' : countryName(key)
  return by === 'DEVICE' ? (deviceNames[key] ?? key) : key
}

const deviceNames: Readonly<Record<string, string>> = {
  desktop: 'Desktop',
  mobile: 'Phone',
  tablet: 'Tablet',
}

function positionText(position: number): string {
  return position.toLocaleString(undefined, { maximumFractionDigits: 1 })
}
