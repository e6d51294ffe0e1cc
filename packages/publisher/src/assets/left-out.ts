/** Why a part of a page is left to the origin. Stable: stored, shown to the owner, and tests match on it. */
export type LeftOutReason =
  /** The origin answered 4xx. */
  | 'gone'
  /** Its media type, or its content, is none that readers may give each other. */
  | 'type'
  /** It has no bytes. */
  | 'empty'
  /** It is larger than an asset may be, or than what is left of the limit for the post. */
  | 'too-large'
  /** It redirects to an origin that is not registered for the site. */
  | 'foreign-url'
  /** It failed at each attempt. */
  | 'failing'
  /** `Cache-Control: no-store`. */
  | 'no-store'
  /** `Cache-Control: private`. */
  | 'private'
  /** The answer sets a cookie. */
  | 'set-cookie'
  /** `Vary` names a field by which readers differ. */
  | 'vary'
  /** It is on another origin than the page, which does not allow the page to read it (CORS). */
  | 'no-cors'
  /** A file to save on another origin than the page: browsers do not show such a click to the page's service worker. */
  | 'other-origin-file'
  /** A status other than 200 that is no failure: 204, or 206 to a request without `Range`. */
  | 'status'
  /** A redirect loop, or more redirects than are followed. */
  | 'too-many-redirects'
  /** Its `Content-Encoding` does not fit its bytes. */
  | 'bad-encoding'
  /** Its `Content-Disposition` is longer than a manifest can carry, or has control characters. */
  | 'disposition'
  /** The page names more media than a manifest lists. */
  | 'too-many'
  /** The page is longer than what is read of it. `url` is the page's own. */
  | 'page-too-long'

/** A part of a page that is left to the origin. */
export interface LeftOut {
  readonly url: string
  readonly reason: LeftOutReason
}

/** What became of the media of a page. */
export interface MediaSummary {
  /** How many the manifest lists. */
  readonly assets: number
  /** Those that are left to the origin, in the order of the page, at most {@link maxListedLeftOut}. */
  readonly leftOut: readonly LeftOut[]
  /** How many those are altogether, by reason. */
  readonly leftOutCounts: Readonly<Partial<Record<LeftOutReason, number>>>
  /** How many are still being fetched, or will be tried again: a later version may list them. */
  readonly pending: number
}

/** The longest list of what was left out. */
export const maxListedLeftOut = 200

/** Lists what was left out, with the number of each reason. */
export function summarizeLeftOut(
  leftOut: readonly LeftOut[],
): Pick<MediaSummary, 'leftOut' | 'leftOutCounts'> {
  const leftOutCounts: Partial<Record<LeftOutReason, number>> = {}
  for (const { reason } of leftOut) leftOutCounts[reason] = (leftOutCounts[reason] ?? 0) + 1
  return { leftOut: leftOut.slice(0, maxListedLeftOut), leftOutCounts }
}
