import { useEffect, useState } from 'preact/hooks'
import { OverviewDocument, type OverviewQuery } from '../../generated/graphql.ts'
import { shownTimeZone } from '../../report/page-format.ts'
import type { ReportState } from '../../report/report-state.ts'
import { type ReportResult, useSiteReport } from '../../report/use-report.ts'
import type { Polled } from '../../session/use-polled.ts'

export type OverviewReport = Polled<ReportResult<OverviewQuery>>

/**
 * Loads the overview with one request. Its range depends on the site's time zone, which the answer has: the one of the last
 * visit, else the reader's, is taken until then. If it was another one, the report is loaded again.
 */
export function useOverview(siteId: string, state: ReportState): OverviewReport {
  const [timeZone, setTimeZone] = useState(() => rememberedTimeZone(siteId))
  useEffect(() => setTimeZone(rememberedTimeZone(siteId)), [siteId])
  const report = useSiteReport(OverviewDocument, { site: { siteId, timeZone }, state }, {})
  const site = report.data?.data.site
  useEffect(() => {
    if (site?.siteId !== siteId) return
    const known = shownTimeZone(site.timeZone)
    localStorage.setItem(keyOf(siteId), known)
    setTimeZone(known)
  }, [site?.siteId, site?.timeZone])
  return report
}

function rememberedTimeZone(siteId: string): string {
  const known = localStorage.getItem(keyOf(siteId))
  return shownTimeZone(known ?? Intl.DateTimeFormat().resolvedOptions().timeZone)
}

function keyOf(siteId: string): string {
  return `peerpress-time-zone-${siteId}`
}
