export {
  catalogue,
  type MetricPath,
  metricPaths,
  type Metrics,
  metricsByPath,
} from './model/catalogue/catalogue.ts'
export type { Group, Metric } from './model/catalogue/metric.ts'
export type { FrozenStore, PartFile } from './backup/freeze-store.ts'
export { restoreStore, type StoreBackup } from './backup/restore-store.ts'
export { SharedLock } from './backup/shared-lock.ts'
export { type BotMark, type BotSign, botSigns, encodeBotRow } from './model/bot-row.ts'
export type { BotViews } from './query/bots.ts'
export {
  findBrokenParts,
  findStoreDamage,
  hasStoreFiles,
  type StoreDamage,
} from './engine/directory/damage.ts'
export { killEngines } from './engine/embedded/engine-process.ts'
export { type DropCount, type DropRow, hourTime } from './query/drops.ts'
export { type Days, daysUntil, rangeOfDays } from './query/day-range.ts'
export type { Comparison, Difference, Experiment, SpeedDifference } from './query/experiment.ts'
export type { ViewsExport } from './retention/export-views.ts'
export { type Change, changesOf } from './query/changes.ts'
export { daysNeeded, summaryOf } from './query/experiment-summary.ts'
export { daysNamed, previousRange, type RangeName, rangeLastYear, rangeNames } from './query/named-range.ts'
export { maxFilters } from './model/filter.ts'
export { quantileKey, quantileLimits } from './model/quantile-of.ts'
export type { MetricsRow, OfRows, RowOrder, RowPosition, RowsPage, RowsQuery } from './model/rows.ts'
export { scalarOf } from './model/scalar.ts'
export { wilson } from './model/proportion.ts'
export { maxOrderedRows } from './query/rows.ts'
export type { Arrivals, BreakdownRow, SeriesPoint, Sessions } from './model/report.ts'
export { enoughSamples, type Quantile, type Ratings, type Verdict, verdicts } from './model/values.ts'
export type { StoreLocation } from './engine/connect.ts'
export type { MigrationStep } from './schema/migrate.ts'
export { migrateStore, type StoreMigration } from './schema/migrate-store.ts'
export { openStore, type StoreOptions } from './open-store.ts'
export {
  type Dimension,
  type DimensionFilter,
  dimensions,
  type Filter,
  type Interval,
  intervals,
  maxBreakdownRows,
  maxFilterValues,
  maxQuantiles,
  type MeasureName,
  measureNames,
  maxSeriesPoints,
  type QuantileOf,
  type ReportQuery,
} from './model/report-query.ts'
export type { VisitorDay } from './retention/removals.ts'
export { maxRetentionDays } from './retention/retention.ts'
export type { ServerAddress } from './engine/server/server-connection.ts'
export type { StoreHealth } from './engine/health.ts'
export type { CallOptions } from './engine/queue/call-options.ts'
export type { PageVisits, PageVisitsQuery } from './search/page-visits.ts'
export {
  type SearchDay,
  type SearchFigure,
  type SearchFigureRow,
  type SearchFiguresQuery,
  type SearchKind,
  searchKinds,
  type SearchOrder,
  searchOrders,
  type SearchSum,
  type SearchSumsQuery,
} from './search/search-figure.ts'
export type { SearchLanding } from './search/search-landings.ts'
export { addWeeks, type SearchCount, type SearchWeek, weekStart } from './search/search-week.ts'
export type { Reports, Store } from './store.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
export {
  type Arm,
  arms,
  type Device,
  devices,
  type ReferrerClass,
  rowTime,
  type ViewRow,
} from './model/view-row.ts'
export { decodeViewRow, encodeViewRow } from './model/view-line.ts'
