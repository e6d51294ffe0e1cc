export type { ResolveAll } from './address-guard.ts'
export { assetPath } from './asset-path.ts'
export { type EventHeaders, type PostEventType, verifyEvent } from './event.ts'
export type { LeftOutReason } from './fetch-asset.ts'
export { defaultFetchLimits, type FetchLimits } from './fetch-limits.ts'
export type { PublicationResult } from './publish-post.ts'
export {
  type AssetFile,
  createPublisher,
  type JobOutcome,
  type Publisher,
  type PublisherOptions,
} from './publisher.ts'
export { PublisherError, type PublisherErrorCode } from './publisher-error.ts'
export { raiseVersions } from './raise-versions.ts'
