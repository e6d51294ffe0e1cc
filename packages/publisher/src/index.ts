export {
  createGuardedLookup,
  createOpenLookup,
  refusePrivateHost,
  type ResolveAll,
  sharingLookups,
} from './fetch/address-guard.ts'
export { assetPath } from './assets/asset-path.ts'
export {
  createSiteClient,
  type FetchOptions,
  type FetchedSite,
  type SiteClient,
  type SiteResponse,
} from './fetch/site-client.ts'
export { fetchHtml, type HtmlPage } from './fetch/fetch-page.ts'
export { isChallenge } from './fetch/challenge.ts'
export { defaultFetchLimits, type FetchLimits } from './fetch/fetch-limits.ts'
export type { LeftOut, LeftOutReason, MediaSummary } from './assets/left-out.ts'
export type { JobOutcome } from './manifest/job-outcome.ts'
export type { PublicationResult } from './manifest/publication.ts'
export { type AssetFile, createPublisher, type Publisher, type PublisherOptions } from './publisher.ts'
export type { EventsReceipt } from './receive-events.ts'
export { PublisherError, type PublisherErrorCode } from './publisher-error.ts'
export { type PageAbout, readAbout } from './page/read-about.ts'
export { fetchText } from './fetch/fetch-text.ts'
export { createThreadReader, type ThreadReader } from './page/thread-reader.ts'
export { readPage } from './page/read-page.ts'
export { raiseVersions } from './manifest/raise-versions.ts'
export { createPublisherRole } from './publisher-role.ts'
