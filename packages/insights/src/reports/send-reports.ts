import type { NotificationContent, Registry, ReportContent, ReportSchedule, Site } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import type { Insights } from '../insights.ts'
import { rules } from '../findings/rules/rules.ts'
import { chosenFigures } from '../search-console/chosen-figures.ts'
import { lastPeriod, type ReportPeriod } from './period.ts'
import { reportFigures } from './report-figures.ts'

/** Findings of a report. */
const maxFindings = 5
/** ms after the end of a period: the last views are rolled up, and nobody reads a report at midnight. */
const settledMs = 6 * 3_600_000
/** characters of a text of strangers, such as a title in a finding */
const maxText = 600

export interface SendReportsOptions {
  readonly registry: Pick<Registry, 'reportSchedules' | 'searchConnections' | 'sites'>
  readonly store: Pick<Store, 'reportsFor' | 'searchFigures' | 'searchSums'>
  readonly insights: Pick<Insights, 'findings'>
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** Writes the reports of periods that are over. A report that fails does not keep the others from being sent. */
export async function sendReports(options: SendReportsOptions, signal: AbortSignal): Promise<void> {
  const { registry, now = Date.now } = options
  const failures: unknown[] = []
  for (const schedule of await registry.reportSchedules.list()) {
    signal.throwIfAborted()
    const site = await registry.sites.get(schedule.site)
    if (site === null) continue
    const period = lastPeriod(schedule.cadence, site.timeZone, new Date(now() - settledMs))
    if (period.firstDay <= schedule.lastPeriod) continue
    await sendReport({ schedule, site, period }, options, signal).catch((error: unknown) =>
      failures.push(error),
    )
  }
  signal.throwIfAborted()
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} reports were not sent: ${String(failures[0])}`)
  }
}

interface DueReport {
  readonly schedule: ReportSchedule
  readonly site: Site
  readonly period: ReportPeriod
}

async function sendReport(
  { schedule: { id, cadence }, site, period }: DueReport,
  { registry, store, insights }: SendReportsOptions,
  signal: AbortSignal,
): Promise<void> {
  const reports = store.reportsFor({ caller: sendReports, signal })
  const findings = (await insights.findings(site.id)).filter(({ dismissedAt }) => dismissedAt === null)
  const report: ReportContent = {
    cadence,
    firstDay: period.firstDay,
    lastDay: period.lastDay,
    figures: await reportFigures({ reports, ...chosenFigures({ registry, store }) }, site, {
      period,
      cadence,
    }),
    findings: findings.slice(0, maxFindings).map(({ content: { sentence, action }, rule }) => ({
      title: rules.find(({ name }) => name === rule)?.title ?? rule,
      sentence: plain(sentence),
      action: plain(action),
    })),
  }
  const content: NotificationContent = {
    site: { id: site.id, url: site.url },
    incident: null,
    report,
    text: textOf(report),
  }
  await registry.reportSchedules.send(id, period.firstDay, content)
}

/** Returns a report for people, as plain text. */
function textOf({ firstDay, lastDay, figures, findings }: ReportContent): string {
  const lines = figures.map(({ name, value, change }) => {
    const compared = change === null ? '' : ` (${change})`
    return `- ${name}: ${value ?? 'not measured'}${compared}`
  })
  const found = findings.flatMap(({ sentence, action }, i) => [
    '',
    `${i + 1}. ${sentence}`,
    `   What to do: ${action}`,
  ])
  return [
    `${firstDay} to ${lastDay}`,
    '',
    ...lines,
    '',
    ...(found.length === 0
      ? ['Nothing was found that deserves attention.']
      : ['What deserves attention:', ...found]),
  ].join('\n')
}

/** Returns a text with titles and addresses of strangers on one line, without characters that turn text around. */
function plain(text: string): string {
  return text.length > maxText ? `${oneLineOf(text.slice(0, maxText))} …` : oneLineOf(text)
}

function oneLineOf(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
}
