/**
 * The reason why an event, a publication or a fetch was refused or failed. Codes are stable: they are counted, and
 * tests match on them.
 */
export type PublisherErrorCode =
  /** No site has this id. */
  | 'unknown-site'
  /** The site's CMS has ended the connection. */
  | 'disconnected'
  /** The id is not valid for a post. */
  | 'bad-post'
  /** The URL, or one it redirects to, is not on an origin registered for the site. */
  | 'foreign-url'
  /** The host's address is private, link-local, loopback or otherwise not public. */
  | 'private-address'
  /** Too many redirects. */
  | 'too-many-redirects'
  /** The connection failed or ended before the announced length. */
  | 'network'
  /** The content coding of a response does not match its bytes. */
  | 'bad-encoding'
  /** The page may not read a response of another origin (CORS). */
  | 'no-cors'
  /** Headers, the next bytes or the whole response took too long. */
  | 'timeout'
  /** More bytes than an asset, page or post may have. */
  | 'too-large'
  /** A status that is neither content nor a lasting refusal. The job is tried again later. */
  | 'bad-status'
  /** A firewall responded instead of the site, to check that a browser sent the request. */
  | 'challenged'
  /**
   * The site refuses the page of a post that its CMS published. The job is tried again later, and the post is not
   * revoked.
   */
  | 'denied'
  /**
   * The page of a post that its CMS published is not found (yet). The job is tried again a few times, then the post is
   * revoked.
   */
  | 'not-found'
  /** The page that decides about a suspended post comes from a cache, and may be outdated. */
  | 'from-cache'
  /** The site's CMS has withdrawn the post. */
  | 'withdrawn'
  /** The post's URL responds with something other than a web page. */
  | 'not-a-page'
  /**
   * Reading the page's HTML exceeded its time or memory limit, or failed. The job is not tried again until the next
   * event.
   */
  | 'unreadable-page'
  /** Browsers do not decode the page's encoding. The job is not tried again until the next event. */
  | 'unsupported-encoding'
  /** A version above the maximum that readers accept. */
  | 'versions-exhausted'
  /** The server is stopping. */
  | 'stopped'

/** The publisher refused a request, or a site failed to deliver. */
export class PublisherError extends Error {
  override readonly name = 'PublisherError'
  readonly code: PublisherErrorCode

  constructor(code: PublisherErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/**
 * Returns the reason why a signal stopped the work: the signal's reason if it is an error of the publisher, else
 * `stopped`.
 */
export function abortReason({ reason }: AbortSignal): PublisherError {
  return reason instanceof PublisherError ? reason : new PublisherError('stopped', 'the server is stopping')
}
