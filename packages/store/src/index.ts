export { type DirectoryLock, lockDirectory } from './directory-lock.ts'
export type { Difference, Experiment } from './experiment.ts'
export {
  type Arrivals,
  type BreakdownRow,
  enoughSamples,
  type Metrics,
  type Quantile,
  type SeriesPoint,
  type Sessions,
} from './metrics.ts'
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
export type { ServerAddress } from './server-connection.ts'
export type { Store } from './store.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
export {
  type Arm,
  arms,
  type Device,
  devices,
  encodeViewRow,
  type ReferrerClass,
  rowTime,
  type ViewRow,
} from './view-row.ts'
