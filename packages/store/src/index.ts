export { type MetricsPart, metricsParts } from './asked-parts.ts'
export type { FrozenStore, PartFile } from './backup/freeze-store.ts'
export { restoreStore, type StoreBackup } from './backup/restore-store.ts'
export { SharedLock } from './backup/shared-lock.ts'
export { type BotMark, type BotSign, botSigns, encodeBotRow } from './bot-row.ts'
export type { BotViews } from './bots.ts'
export { findBrokenParts, findStoreDamage, hasStoreFiles, type StoreDamage } from './damage.ts'
export { killEngines } from './embedded/engine-process.ts'
export { type DirectoryLock, lockDirectory, type LockState, lockStateOf } from './directory-lock.ts'
export { type DropCount, type DropRow, hourTime } from './drops.ts'
export type { Comparison, Difference, Experiment, SpeedDifference } from './experiment.ts'
export type { ViewsExport } from './export-views.ts'
export {
  type Arrivals,
  type BreakdownRow,
  enoughSamples,
  type Metrics,
  type Quantile,
  type Ratings,
  type SeriesPoint,
  type Sessions,
} from './metrics.ts'
export type { StoreLocation } from './connect.ts'
export type { MigrationStep } from './migrate.ts'
export { migrateStore, type StoreMigration } from './migrate-store.ts'
export { openStore, type StoreOptions } from './open-store.ts'
export {
  type Dimension,
  dimensions,
  type Filter,
  type Interval,
  intervals,
  maxBreakdownRows,
  maxSeriesPoints,
  type Question,
} from './question.ts'
export type { VisitorDay } from './removals.ts'
export { maxRetentionDays } from './retention.ts'
export type { ServerAddress } from './server-connection.ts'
export type { StoreHealth } from './health.ts'
export type { CallOptions } from './queue/call-options.ts'
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
} from './view-row.ts'
export { decodeViewRow, encodeViewRow } from './view-columns.ts'
