import type { Quantile, Report, ReportMetrics } from '../client/report-query.ts'
import { textTable } from './text-table.ts'

/** The report as a table for a terminal. A dash means not measured. */
export function reportTable({ totals, countries }: Report): string {
  const header = [
    'country',
    'views',
    'LCP p75 ms',
    '95 % interval',
    'peer hit',
    'peers MB',
    'origin MB',
    'cache MB',
    'assets ok',
    'engaged s',
  ]
  const names = new Intl.DisplayNames(['en'], { type: 'region' })
  const rows = [
    ...countries.map(({ key, metrics }) => row(key === null ? 'not known' : (names.of(key) ?? key), metrics)),
    row('all', totals),
  ]
  const [head = '', ...lines] = textTable([header, ...rows])
  const rule = '-'.repeat(head.length)
  const { wrongBytes, rejectedChunks, droppedPeers, fallbacks } = totals.reliability
  return `${[head, rule, ...lines.slice(0, -1), rule, lines.at(-1)].join('\n')}

wrong bytes ${wrongBytes} · chunks thrown away ${rejectedChunks} · peers dropped ${droppedPeers} · fallbacks to the origin ${fallbacks}
`
}

function row(name: string, { views, speed, delivery, reliability, engagement }: ReportMetrics): string[] {
  return [
    name,
    String(views),
    speed.lcp === null ? '–' : speed.lcp.value.toFixed(0),
    interval(speed.lcp),
    percent(delivery.peerHitRatio),
    megabytes(delivery.bytes.peer + delivery.bytes.seed),
    megabytes(delivery.bytes.origin + delivery.bytes.mirror),
    megabytes(delivery.bytes.cache),
    percent(reliability.assetSuccessRatio),
    engagement.engagedMs === null ? '–' : (engagement.engagedMs.value / 1000).toFixed(1),
  ]
}

function interval(quantile: Quantile | null): string {
  if (quantile === null) return '–'
  const range = `${quantile.low.toFixed(0)}–${quantile.high.toFixed(0)}`
  return quantile.enough ? range : `${range} (n=${quantile.samples}: few)`
}

function percent(ratio: number | null): string {
  return ratio === null ? '–' : `${(ratio * 100).toFixed(1)} %`
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1)
}
