export { canonicalUrl, isUrlPost, postIdOf } from './canonical-url.ts'
export { ConnectorError, type ConnectorErrorCode } from './connector-error.ts'
export type {
  Cursor,
  MessageHeaders,
  NamedPage,
  Poll,
  PollConnector,
  PollEnd,
  PostChange,
  SignedRequest,
  SourceFetch,
  SourceResponse,
} from './contract.ts'
export type { PostEventType } from './events/event-schema.ts'
export { readAs } from './events/read-as.ts'
export type { EventMessage, RefusedEvent } from './events/read-batch.ts'
export { type Feed, type FeedEntry, type FeedOptions, readFeed } from './feed/read-feed.ts'
export { readSitemap, type SitemapEntry, type SitemapOptions } from './sitemap/read-sitemap.ts'
export type { RequestPage } from './polls/page-batches.ts'
export { createPolls, type Polls, type PollsOptions } from './polls/polls.ts'
export type { SourceClient } from './polls/source-fetch.ts'
export { markOf } from './static/assist-page.ts'
export { type Folder, openFolder } from './static/folder.ts'
export { publishedContent } from './static/published-content.ts'
export {
  type BuiltPost,
  type LeftOutPage,
  maxPageSize,
  type ReadBuiltPage,
  type StaticSite,
  writeFolder,
  type WriteProgress,
  type WrittenFolder,
} from './static/write-folder.ts'
export { workerPath } from './static/write-worker.ts'
export type { PageOffer, Refusal, RefusedPage, Visibility } from './visibility.ts'
export { visibilityOf } from './visibility-of.ts'
export { readWebhookRequest, type WebhookRequest } from './webhook/read-webhook-request.ts'
export { type PostEvent, readEvent, readEvents } from './wordpress/event.ts'
export { readReleaseEvent, type ReleaseEvent, type ReleasedPart } from './wordpress/release-event.ts'
export {
  type MessageOfSite,
  readSignedMessage,
  type SignedMessage,
  verifySignedMessage,
} from './wordpress/signed-message.ts'
export { type SiteMessage, verifySiteMessage } from './wordpress/site-message.ts'
