import { withoutFragment } from '../without-fragment.ts'

/** The parts of a request that decide whether peers may answer it. */
export type MatchedRequest = Pick<Request, 'method' | 'mode' | 'destination' | 'cache' | 'url'> & {
  readonly headers: Pick<Headers, 'has'>
}

const destinations = ['image', 'video', 'audio', '']
/** These headers are about one stored version or one reader. A manifest has neither. */
const originOnlyHeaders = [
  'Authorization',
  'If-Match',
  'If-None-Match',
  'If-Modified-Since',
  'If-Unmodified-Since',
  'If-Range',
]

/** Types under `application/` that a browser shows or runs. `openxmlformats` is an office file. */
const shownTypes = /pdf|json|[/+]xml|xhtml|[am]script|wasm|manifest/

/**
 * Returns whether peers may answer a page's request: a plain GET of the site's own media. With a cache mode other than the
 * default, the page needs more than the bytes.
 */
export function isMediaRequest(request: MatchedRequest, origin: string): boolean {
  return request.mode !== 'navigate' && destinations.includes(request.destination) && isPlain(request, origin)
}

/** Returns whether a player continues a load: it already has the beginning. */
export function continuesPlayback(
  request: Pick<MatchedRequest, 'destination'> & { readonly headers: Pick<Headers, 'get'> },
): boolean {
  return isPlayback(request) && !/^bytes=0+-/.test(request.headers.get('Range') ?? 'bytes=0-')
}

/** Returns whether a request comes from a video or audio player. */
export function isPlayback({ destination }: Pick<MatchedRequest, 'destination'>): boolean {
  return destination === 'video' || destination === 'audio'
}

/**
 * Returns whether a navigation may be the click on a link to a file: its URL ends in a file name and has no query. Other
 * navigations go to the origin.
 */
export function isFileNavigation(request: MatchedRequest, origin: string): boolean {
  return (
    request.mode === 'navigate' &&
    isPlain(request, origin) &&
    /\/[^/?]+\.\w+$/.test(withoutFragment(request.url))
  )
}

/** Returns whether browsers save files of this media type under the name in their URL and leave the page open. */
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
