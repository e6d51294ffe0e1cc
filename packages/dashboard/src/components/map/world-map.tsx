import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks'
import { metricLabels } from '../../generated/metric-labels.ts'
import { messages } from '../../messages/messages.ts'
import { countryName, format } from '../../report/page-format.ts'
import { SaveChart } from '../charts/save-chart.tsx'
import { useCursor, useDebounced } from '../charts/use-cursor.ts'
import type { FigureRow } from '../figures/figure-columns.tsx'
import { loadCountries, type MapCountry } from './countries.ts'
import { mapSize } from './projection.ts'

export interface WorldMapProps {
  /** The figures by country. */
  readonly rows: readonly FigureRow[]
  /** Shows a country's regions. */
  readonly onPick: (code: string) => void
}

/** What the colours can show. `isLog`: views differ by orders of magnitude. */
const shown = {
  views: {
    label: metricLabels.views.label,
    of: ({ metrics }: FigureRow) => metrics.views,
    format: format.count,
    isLog: true,
  },
  lcp: {
    label: metricLabels['speed.lcp'].label,
    of: ({ metrics }: FigureRow) => metrics.speed.lcp?.value ?? null,
    format: format.ms,
    isLog: false,
  },
  peerHitRatio: {
    label: metricLabels['delivery.peerHitRatio'].label,
    of: ({ metrics }: FigureRow) => metrics.delivery.peerHitRatio,
    format: format.ratio,
    isLog: false,
  },
} as const
type Shown = keyof typeof shown

const steps = [1, 2, 3, 4, 5] as const

/** The countries, coloured by a figure. Arrow keys go through them, and the table beside it has the figures. */
export function WorldMap({ rows, onPick }: WorldMapProps) {
  const id = useId()
  const [name, setName] = useState<Shown>('views')
  const [countries, setCountries] = useState<readonly MapCountry[] | 'failed' | null>(null)
  const svg = useRef<SVGSVGElement>(null)
  useEffect(() => {
    loadCountries().then(setCountries, () => setCountries('failed'))
  }, [])
  const known = useMemo(() => rows.filter(({ key }) => key !== null), [rows])
  const cursor = useCursor(known.length, (at) => onPick(known[at]?.key ?? ''))
  const { map } = messages
  const row = cursor.at === null ? undefined : known[cursor.at]
  const readout = row === undefined ? '' : readoutOf(row, name)
  const announced = useDebounced(readout)
  const unknown = rows.find(({ key }) => key === null)?.metrics.views ?? 0
  const draw = () =>
    svg.current === null ? null : { ...mapSize, svg: new XMLSerializer().serializeToString(svg.current) }
  return (
    <section class="panel chart map" aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{map.title}</h2>
        <MetricPicker name={name} onPick={setName} />
        <SaveChart title={map.title} draw={draw} />
      </div>
      <p class="chart-readout" aria-hidden="true">
        {readout === '' ? map.hint : readout}
      </p>
      <div
        class="chart-cursor"
        role="application"
        tabIndex={0}
        aria-roledescription={map.roledescription}
        aria-label={map.label(known.length)}
        onKeyDown={cursor.onKeyDown}
        onBlur={() => cursor.set(null)}
      >
        {countries === 'failed' ? (
          <p class="loading">{map.failed}</p>
        ) : (
          <Shapes
            svg={svg}
            countries={countries ?? []}
            levels={levelsOf(known, name)}
            marked={row?.key ?? null}
            onPoint={(code) => {
              const at = known.findIndex(({ key }) => key === code)
              cursor.set(at === -1 ? null : at)
            }}
            onPick={onPick}
          />
        )}
      </div>
      <p class="visually-hidden" role="status">
        {announced}
      </p>
      <Scale rows={known} name={name} />
      {unknown > 0 && <p class="hint">{map.unknown(format.count(unknown))}</p>}
    </section>
  )
}

function MetricPicker({ name, onPick }: { readonly name: Shown; readonly onPick: (name: Shown) => void }) {
  return (
    <label class="map-metric">
      {messages.map.show}{' '}
      <select value={name} onChange={({ currentTarget: { value } }) => onPick(value as Shown)}>
        {Object.entries(shown).map(([key, { label }]) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}

interface ShapesProps {
  readonly svg: { current: SVGSVGElement | null }
  readonly countries: readonly MapCountry[]
  /** The step of the scale by country, from 1. */
  readonly levels: ReadonlyMap<string, number>
  readonly marked: string | null
  readonly onPoint: (code: string | null) => void
  readonly onPick: (code: string) => void
}

function Shapes({ svg, countries, levels, marked, onPoint, onPick }: ShapesProps) {
  const last = countries.find(({ code }) => code !== null && code === marked)
  return (
    <svg
      ref={svg}
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${mapSize.width} ${mapSize.height}`}
      aria-hidden="true"
      onMouseLeave={() => onPoint(null)}
    >
      {countries.toSorted(smallLast).map(({ code, path, centre, isSmall }, i) => {
        const level = code === null ? undefined : levels.get(code)
        const fill = `var(--map-${level ?? 0})`
        const events =
          level !== undefined && code !== null
            ? { onMouseEnter: () => onPoint(code), onClick: () => onPick(code), class: 'has-views' }
            : { onMouseEnter: () => onPoint(null) }
        return (
          <g key={code ?? i} {...events}>
            <path d={path} fill={fill} stroke="var(--surface)" stroke-width="0.5" />
            {isSmall && level !== undefined && (
              <circle
                cx={centre[0]}
                cy={centre[1]}
                r="4"
                fill={fill}
                stroke="var(--text)"
                stroke-width="0.7"
              />
            )}
          </g>
        )
      })}
      {last !== undefined && (
        <>
          <path d={last.path} fill="none" stroke="var(--text)" stroke-width="1.5" />
          {last.isSmall && (
            <circle
              cx={last.centre[0]}
              cy={last.centre[1]}
              r="7"
              fill="none"
              stroke="var(--text)"
              stroke-width="1.5"
            />
          )}
        </>
      )}
    </svg>
  )
}

/** Small countries come last, so that their neighbours do not cover their dots. */
function smallLast(a: MapCountry, b: MapCountry): number {
  return Number(a.isSmall) - Number(b.isSmall)
}

function Scale({ rows, name }: { readonly rows: readonly FigureRow[]; readonly name: Shown }) {
  const { of, format: text } = shown[name]
  const values = rows.map(of).filter((value) => value !== null)
  if (values.length === 0) return null
  return (
    <p class="map-scale" aria-hidden="true">
      {text(Math.min(...values))}
      {steps.map((step) => (
        <span key={step} class={`swatch map-${step}`} />
      ))}
      {text(Math.max(...values))}
    </p>
  )
}

/** Returns the step of each country's value between the lowest and the highest. */
function levelsOf(rows: readonly FigureRow[], name: Shown): ReadonlyMap<string, number> {
  const { of, isLog } = shown[name]
  const measured = rows.flatMap((row) => {
    const value = of(row)
    return row.key === null || value === null
      ? []
      : [{ code: row.key, value: isLog ? Math.log(value + 1) : value }]
  })
  const values = measured.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return new Map(
    measured.map(({ code, value }) => {
      const part = high === low ? 1 : (value - low) / (high - low)
      return [code, 1 + Math.min(steps.length - 1, Math.floor(part * steps.length))]
    }),
  )
}

function readoutOf(row: FigureRow, name: Shown): string {
  const { of, format: text } = shown[name]
  const country = countryName(row.key ?? '')
  const views = format.count(row.metrics.views)
  const value = of(row)
  if (name === 'views') return messages.map.onlyViews(country, views)
  return messages.map.country(country, value === null ? messages.charts.none : text(value), views)
}
