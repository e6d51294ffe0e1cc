import type { ReportCadence, ReportedFigure, SearchPeriod } from '@peerpress/registry'
import { type MetricPath, rangeOfDays, type Reports, type SearchSum } from '@peerpress/store'
import type { ChosenFigures } from '../search-console/chosen-figures.ts'
import { type FigureUnit, figureText } from '../findings/figure.ts'
import type { ReportPeriod } from './period.ts'

const metrics: readonly MetricPath[] = [
  'speed.lcp',
  'reliability.viewSuccessRatio',
  'delivery.peerHitRatio',
  'engagement.engagedMs',
]

interface Value {
  readonly name: string
  readonly unit: FigureUnit
  /** Null if it was not measured. */
  readonly value: number | null
}

/** Returns the figures of a period, each with its change against the period before. */
export async function reportFigures(
  { reports, sums }: { readonly reports: Pick<Reports, 'totals'> } & Pick<ChosenFigures, 'sums'>,
  site: { readonly id: string; readonly timeZone: string },
  { period, cadence }: { readonly period: ReportPeriod; readonly cadence: ReportCadence },
): Promise<ReportedFigure[]> {
  const [now, before] = await Promise.all([
    valuesOf({ reports, sums }, site, period),
    valuesOf({ reports, sums }, site, period.before),
  ])
  return now.map(({ name, unit, value }) => {
    const earlier = before.find((of) => of.name === name)?.value ?? null
    return {
      name,
      value: value === null ? null : figureText(value, unit),
      change: value === null || earlier === null ? null : changeText(value, earlier, cadence),
    }
  })
}

async function valuesOf(
  { reports, sums }: { readonly reports: Pick<Reports, 'totals'> } & Pick<ChosenFigures, 'sums'>,
  { id, timeZone }: { readonly id: string; readonly timeZone: string },
  { firstDay, lastDay }: SearchPeriod,
): Promise<Value[]> {
  const range = rangeOfDays({ first: firstDay, last: lastDay, timeZone })
  const { views, speed, reliability, delivery, engagement } = await reports.totals({
    site: id,
    ...range,
    metrics,
  })
  const search = (await sums({ site: id, firstDay, lastDay })).find(({ kind }) => kind === 'total')
  return [
    { name: 'Views', unit: 'views', value: views },
    { name: 'LCP, 75th percentile', unit: 'ms', value: speed.lcp?.value ?? null },
    { name: 'Views without a failed asset', unit: 'share', value: reliability.viewSuccessRatio },
    { name: 'Bytes from peers', unit: 'share', value: delivery.peerHitRatio },
    { name: 'Engaged time, median', unit: 'ms', value: engagement.engagedMs?.value ?? null },
    ...searchValues(search),
  ]
}

/** Figures of Search Console, if any day was imported. Its days are those of Pacific time. */
function searchValues(total: SearchSum | undefined): Value[] {
  if (total === undefined) return []
  const { clicks, impressions, position } = total
  return [
    { name: 'Clicks in Google’s results', unit: 'views', value: clicks },
    { name: 'Impressions in Google’s results', unit: 'views', value: impressions },
    {
      name: 'Mean position in Google’s results',
      unit: 'position',
      value: impressions === 0 ? null : position,
    },
  ]
}

const beforeNames: Readonly<Record<ReportCadence, string>> = {
  weekly: 'the week before',
  monthly: 'the month before',
}

function changeText(value: number, earlier: number, cadence: ReportCadence): string {
  if (earlier === 0) return value === 0 ? `as in ${beforeNames[cadence]}` : `none in ${beforeNames[cadence]}`
  const change = value / earlier - 1
  // What is less than half a percent would be written as 0 %.
  if (Math.abs(change) < 0.005) return `as in ${beforeNames[cadence]}`
  return `${figureText(Math.abs(change), 'share')} ${change > 0 ? 'more' : 'less'} than in ${beforeNames[cadence]}`
}
