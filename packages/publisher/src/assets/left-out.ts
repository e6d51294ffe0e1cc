/**
 * The reason why a resource of a page is left to the origin. Reasons are stable: they are stored, shown to the owner,
 * and matched by tests.
 */
export type LeftOutReason =
  /** The origin answered 4xx. */
  | 'gone'
  /** Readers may not exchange its media type or its content. */
  | 'type'
  /** It has no bytes. */
  | 'empty'
  /** It exceeds the maximum size of an asset, or the remaining size of the post. */
  | 'too-large'
  /** It redirects to an origin that is not registered for the site. */
  | 'foreign-url'
  /** It failed at each attempt. */
  | 'failing'
  /** `Cache-Control: no-store`. */
  | 'no-store'
  /** `Cache-Control: private`. */
  | 'private'
  /** The response sets a cookie. */
  | 'set-cookie'
  /** `Vary` names a header field that differs between readers. */
  | 'vary'
  /** It is on another origin than the page, and that origin does not allow the page to read it (CORS). */
  | 'no-cors'
  /**
   * A downloadable file on another origin than the page. Browsers do not pass clicks on it to the page's service
   * worker.
   */
  | 'other-origin-file'
  /** A status other than 200 that is not a failure: 204, or 206 for a request without `Range`. */
  | 'status'
  /** A redirect loop, or too many redirects. */
  | 'too-many-redirects'
  /** Its `Content-Encoding` does not match its bytes. */
  | 'bad-encoding'
  /** Its `Content-Disposition` is too long for a manifest or has control characters. */
  | 'disposition'
  /** The page names more media than a manifest lists. */
  | 'too-many'
  /** The page is longer than the part that is read. `url` is the page's URL. */
  | 'page-too-long'

/** A resource of a page that is left to the origin. */
export interface LeftOut {
  readonly url: string
  readonly reason: LeftOutReason
}

/** A summary of a page's media. */
export interface MediaSummary {
  /** Number of assets in the manifest. */
  readonly assets: number
  /** Resources that are left to the origin, in page order, at most {@link maxListedLeftOut}. */
  readonly leftOut: readonly LeftOut[]
  /** Number of all left-out resources, by reason. */
  readonly leftOutCounts: Readonly<Partial<Record<LeftOutReason, number>>>
  /** Number of resources that are being fetched or will be tried again. A later version may list them. */
  readonly pending: number
}

/** Maximum length of the list of left-out resources. */
export const maxListedLeftOut = 200

/** Returns a bounded list of the left-out resources, with the number of each reason. */
export function summarizeLeftOut(
  leftOut: readonly LeftOut[],
): Pick<MediaSummary, 'leftOut' | 'leftOutCounts'> {
  const leftOutCounts: Partial<Record<LeftOutReason, number>> = {}
  for (const { reason } of leftOut) leftOutCounts[reason] = (leftOutCounts[reason] ?? 0) + 1
  return { leftOut: leftOut.slice(0, maxListedLeftOut), leftOutCounts }
}
