/** What of a request decides whether peers may answer it. */
export type MatchedRequest = Pick<Request, 'method' | 'mode' | 'destination' | 'cache' | 'url'> & {
  readonly headers: Pick<Headers, 'has'>
}

const destinations = ['image', 'video', 'audio', '']
/** They ask about one stored version or one reader; a manifest knows neither. */
const originOnlyHeaders = [
  'Authorization',
  'If-Match',
  'If-None-Match',
  'If-Modified-Since',
  'If-Unmodified-Since',
  'If-Range',
]

/**
 * Whether a request is of a kind that peers may answer: a plain GET of the site's own media. Navigations are
 * never touched, so a page, its documents and its forms always come from the origin. A cache mode other than the
 * default says that the page wants more than the bytes.
 */
export function isAssistable(request: MatchedRequest, origin: string): boolean {
  return (
    request.method === 'GET' &&
    request.mode !== 'navigate' &&
    destinations.includes(request.destination) &&
    request.cache === 'default' &&
    request.url.startsWith(`${origin}/`) &&
    !originOnlyHeaders.some((name) => request.headers.has(name))
  )
}

/** A URL without its fragment, as manifests name assets. */
export function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? url
}
