export type { Figure, FigureUnit } from './findings/figure.ts'
export type { FindingContent } from './findings/finding.ts'
export { type RuleName, rules } from './findings/rules/rules.ts'
export {
  createInsights,
  type FindingKey,
  type Insights,
  type InsightsOptions,
  type SearchImport,
  type SiteFinding,
} from './insights.ts'
export { InsightsError, type InsightsErrorCode } from './insights-error.ts'
export { type Reason, type ReasonKind, reasonKinds } from './regions/reasons.ts'
export type { LanguageFigures } from './regions/language-figures.ts'
export type { EngineVisits, Region, SiteRegions } from './regions/site-regions.ts'
export { type RegionTest, type RegionVisibility, visibilityOf } from './regions/visibility.ts'
export type { WeekWindow, WindowWeek } from './regions/week-window.ts'
export { lastPeriod } from './reports/period.ts'
export { sendReports } from './reports/send-reports.ts'
export { isDay } from './search-export/read-export.ts'
export { adjustedPValues } from './statistics/benjamini-hochberg.ts'
export { studentQuantile } from './statistics/student-t.ts'
export {
  consentPath,
  createSearchConsole,
  type ImportProgress,
  type SearchConsole,
} from './search-console/search-console.ts'
