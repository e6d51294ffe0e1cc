/** Why an event, a publication or a fetch was refused or failed. Stable: counted, and tests match on it. */
export type PublisherErrorCode =
  /** No site has this id. */
  | 'unknown-site'
  /** The event has no signature made with the site's webhook secret. */
  | 'bad-signature'
  /** The event was signed more than five minutes ago, or as long ahead. */
  | 'stale'
  /** The event is signed but not one of this server's. */
  | 'bad-event'
  /** The message comes from a CMS at another address than the site's: a copy, or the site moved. */
  | 'other-home'
  /** The site's CMS has ended the connection. */
  | 'disconnected'
  /** Not an id a post may have. */
  | 'bad-post'
  /** The URL, or one it redirects to, is not on an origin registered for the site. */
  | 'foreign-url'
  /** The host's address is private, link-local, loopback or otherwise not public. */
  | 'private-address'
  /** More redirects than are followed. */
  | 'too-many-redirects'
  /** The connection failed or ended before the promised length. */
  | 'network'
  /** The content coding of an answer does not fit its bytes. */
  | 'bad-encoding'
  /** The page may not read an answer of another origin (CORS). */
  | 'no-cors'
  /** Headers, the next bytes or the whole answer took too long. */
  | 'timeout'
  /** More bytes than an asset, page or post may have. */
  | 'too-large'
  /** A status that is neither content nor a lasting refusal: tried again later. */
  | 'bad-status'
  /** A firewall answered in the site's place, to see whether a browser asks. */
  | 'challenged'
  /** The site refuses the page of a post that its CMS published: tried again later, and no revocation. */
  | 'denied'
  /** The page of a post that its CMS published is not found (yet): tried again a few times, then a revocation. */
  | 'not-found'
  /** The page that decides on a suspended post comes from a cache, which may have it from before. */
  | 'from-cache'
  /** The site's CMS has withdrawn the post. */
  | 'withdrawn'
  /** The post's URL answers with something that is no web page. */
  | 'not-a-page'
  /** Reading the page's HTML took too much time or memory, or failed. Final: not tried again until the next event. */
  | 'unreadable-page'
  /** A version beyond what readers take. */
  | 'versions-exhausted'
  /** The server is stopping. */
  | 'stopped'

/** The publisher refused what it was asked, or a site did not deliver. */
export class PublisherError extends Error {
  override readonly name = 'PublisherError'
  readonly code: PublisherErrorCode

  constructor(code: PublisherErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** Why a signal ended the work: its reason where that is an error of the publisher, else `stopped`. */
export function abortReason({ reason }: AbortSignal): PublisherError {
  return reason instanceof PublisherError ? reason : new PublisherError('stopped', 'the server is stopping')
}
