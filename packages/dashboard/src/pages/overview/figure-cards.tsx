import { Figure } from '../../components/figures/figure.tsx'
import { Sparkline } from '../../components/figures/sparkline.tsx'
import type { MainFiguresFragment, TrendsFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { changeOf } from '../../report/change.ts'
import type { SeriesPoint } from '../../report/share-series.ts'
import { type MainFigure, mainFigures } from './main-figures.ts'
import { measuredOf } from './measured.ts'

interface FigureCardsProps {
  readonly totals: MainFiguresFragment
  /** Of the compared range; null: nothing is compared. */
  readonly base: MainFiguresFragment | null
  readonly series: readonly SeriesPoint<TrendsFragment>[]
}

/** The six main figures: value, interval, change and course. */
export function FigureCards({ totals, base, series }: FigureCardsProps) {
  return (
    <section aria-label={messages.overview.figures}>
      <dl class="figures main-figures">
        {mainFigures.map((figure) => (
          <Card key={figure.key} figure={figure} totals={totals} base={base} series={series} />
        ))}
      </dl>
    </section>
  )
}

function Card({ figure, totals, base, series }: FigureCardsProps & { readonly figure: MainFigure }) {
  const { label, format: text, valueOf, estimateOf, formatRange, note, trendOf } = figure
  const value = valueOf(totals)
  const estimate = estimateOf?.(totals) ?? null
  const { overview } = messages
  const samples =
    estimate === null || formatRange === undefined
      ? note
      : estimate.enough
        ? overview.samples(formatRange(estimate.low, estimate.high), format.count(estimate.samples))
        : overview.notEnough(format.count(estimate.samples))
  return (
    <Figure
      label={label}
      value={value === null ? null : text(value)}
      tone={estimate?.enough === false ? 'uncertain' : undefined}
      trend={<Sparkline values={series.map(({ metrics }) => trendOf(metrics))} />}
    >
      {value !== null && <span>{samples}</span>}
      {base !== null && <ChangeNote figure={figure} totals={totals} base={base} />}
    </Figure>
  )
}

function ChangeNote({
  figure,
  totals,
  base,
}: {
  readonly figure: MainFigure
  readonly totals: MainFiguresFragment
  readonly base: MainFiguresFragment
}) {
  const { compare } = messages
  const before = measuredOf(figure, base)
  const change = changeOf(measuredOf(figure, totals), before)
  if (change === null || before === null) return <span class="change">{compare.notMeasured}</span>
  const hasChanged = Math.abs(change.ratio) >= 0.0005
  if (!hasChanged) return <span class="change">{compare.same}</span>
  const sign = change.ratio > 0 ? '+' : '−'
  const text = compare.change(`${sign}${format.ratio(Math.abs(change.ratio))}`, figure.format(before.value))
  const isBetter = figure.isMoreBetter === change.ratio > 0
  const tone = change.isClear ? (isBetter ? 'better' : 'worse') : 'unsure'
  return <span class={`change ${tone}`}>{text}</span>
}
