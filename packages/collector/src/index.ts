export {
  type BeaconRequest,
  type Collector,
  type CollectorCount,
  type CollectorOptions,
  openCollector,
} from './collector.ts'
export { type CountryOf, openCountryFile } from './country.ts'
export { CollectorError, type CollectorErrorCode } from './collector-error.ts'
export type { Drop, DropReason } from './drop-reason.ts'
