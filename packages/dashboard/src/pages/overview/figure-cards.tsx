import { ChangeNote } from '../../components/figures/change-note.tsx'
import { Figure } from '../../components/figures/figure.tsx'
import { Sparkline } from '../../components/figures/sparkline.tsx'
import type { ComparedFragment, MainFiguresFragment, TrendsFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { changeOf } from '../../report/change.ts'
import type { SeriesPoint } from '../../report/share-series.ts'
import { type MainFigure, mainFigures } from './main-figures.ts'

interface FigureCardsProps {
  readonly totals: MainFiguresFragment
  /** null: nothing is compared. */
  readonly compared: ComparedFragment | null
  readonly series: readonly SeriesPoint<TrendsFragment>[]
}

/** The six main figures: value, interval, change and course. */
export function FigureCards({ totals, compared, series }: FigureCardsProps) {
  return (
    <section aria-label={messages.overview.figures}>
      <dl class="figures main-figures">
        {mainFigures.map((figure) => (
          <Card key={figure.key} figure={figure} totals={totals} compared={compared} series={series} />
        ))}
      </dl>
    </section>
  )
}

function Card({ figure, totals, compared, series }: FigureCardsProps & { readonly figure: MainFigure }) {
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
      <ChangeNote change={changeOf(compared, figure.metric)} {...figure} />
    </Figure>
  )
}
