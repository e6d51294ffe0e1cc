export type { ResolveAll } from './fetch/address-guard.ts'
export { assetPath } from './assets/asset-path.ts'
export { type PostEventType, readEvent, type RefusedEvent } from './event.ts'
export { defaultFetchLimits, type FetchLimits } from './fetch/fetch-limits.ts'
export type { LeftOut, LeftOutReason, MediaSummary } from './assets/left-out.ts'
export type { JobOutcome } from './manifest/job-outcome.ts'
export type { PublicationResult } from './manifest/publication.ts'
export {
  type AssetFile,
  createPublisher,
  type EventsReceipt,
  type Publisher,
  type PublisherOptions,
  type SignedMessage,
} from './publisher.ts'
export { PublisherError, type PublisherErrorCode } from './publisher-error.ts'
export { raiseVersions } from './manifest/raise-versions.ts'
export { readAs, type SiteMessage, verifySiteMessage } from './site-message.ts'
export { createPublisherRole } from './publisher-role.ts'
