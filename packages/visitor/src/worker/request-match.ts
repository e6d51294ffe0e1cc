import { withoutFragment } from '../without-fragment.ts'

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

/** Of the types under `application/`, those that a browser shows or runs: `openxmlformats` is an office file. */
const shownTypes = /pdf|json|[/+]xml|xhtml|[am]script|wasm|manifest/

/**
 * Whether a page's request is of a kind that peers may answer: a plain GET of the site's own media. A cache mode
 * other than the default says that the page wants more than the bytes.
 */
export function isMediaRequest(request: MatchedRequest, origin: string): boolean {
  return request.mode !== 'navigate' && destinations.includes(request.destination) && isPlain(request, origin)
}

/** Whether a player asks for more of what it must have the beginning of. */
export function continuesPlayback(
  request: Pick<MatchedRequest, 'destination'> & { readonly headers: Pick<Headers, 'get'> },
): boolean {
  return isPlayback(request) && !/^bytes=0+-/.test(request.headers.get('Range') ?? 'bytes=0-')
}

/** Whether a request comes from a video or audio player. */
export function isPlayback({ destination }: Pick<MatchedRequest, 'destination'>): boolean {
  return destination === 'video' || destination === 'audio'
}

/**
 * Whether a navigation may be the click on a link to a file, by its URL: one that ends in a file name and has no
 * query. Of all others, forms always come from the origin, and documents as long as it is there.
 */
export function isFileNavigation(request: MatchedRequest, origin: string): boolean {
  return (
    request.mode === 'navigate' &&
    isPlain(request, origin) &&
    /\/[^/?]+\.\w+$/.test(withoutFragment(request.url))
  )
}

/** Whether browsers save files of this media type under the name in their URL, and the page stays where it is. */
export function isSavedType(type: string): boolean {
  return /^(application|binary)\//.test(type) && !shownTypes.test(type)
}

function isPlain(request: MatchedRequest, origin: string): boolean {
  return (
    request.method === 'GET' &&
    request.cache === 'default' &&
    request.url.startsWith(`${origin}/`) &&
    !originOnlyHeaders.some((name) => request.headers.has(name))
  )
}
