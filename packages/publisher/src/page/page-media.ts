import { maxUrlLength } from '@peerpress/wire'
import { withEncodedQuery } from './charset.ts'
import type { Tag } from './read-tags.ts'
import { parseSrcset } from './srcset.ts'
import { parseStyleUrls } from './style-urls.ts'

/** Maximum length of a text that may become a fetched URL. Dots, tabs and line ends disappear from it. */
const maxTextLength = 4 * maxUrlLength

/** Collects the URLs of the media and downloads that a page's tags name. */
export class PageMedia {
  readonly #found = new Set<string>()
  #base: string | null = null

  add(tag: Tag): void {
    const { name, attributes, isInDocument, isHtml } = tag
    if (name === 'base' && isInDocument && isHtml) this.#base ??= attributes.get('href') ?? null
    this.#addAll(mediaOf(tag))
  }

  /**
   * Adds the pictures of a style sheet in the page. Its fonts are left out, because the service worker does not serve
   * them.
   */
  addStyle(text: string): void {
    this.#addAll(parseStyleUrls(text).filter((url) => !noPicture.test(url)))
  }

  #addAll(texts: readonly string[]): void {
    for (const text of texts) {
      // A URL that is only a fragment refers to the page itself, as in `filter: url(#duotone)`.
      if (text.length <= maxTextLength && !text.startsWith('#')) this.#found.add(text)
    }
  }

  /**
   * Returns absolute http(s) URLs without fragments, in page order, each once. There are at most `limit`, all on
   * `origins`.
   */
  resolve(
    pageUrl: string,
    {
      origins,
      limit,
      encoding,
    }: { readonly origins: readonly string[]; readonly limit: number; readonly encoding: string },
  ): string[] {
    const base = this.#baseUrl(pageUrl)
    const urls = new Set<string>()
    for (const text of this.#found) {
      if (urls.size >= limit) break
      const url = URL.parse(withEncodedQuery(text, encoding), base)
      if (url === null || url.username !== '' || url.password !== '' || !origins.includes(url.origin))
        continue
      url.hash = ''
      if (url.href.length <= maxUrlLength) urls.add(url.href)
    }
    return [...urls]
  }

  /**
   * Returns the base of relative URLs; undefined if it is too long. Each URL is resolved in time proportional to the
   * base.
   */
  #baseUrl(pageUrl: string): string | undefined {
    const base = this.#base
    if (base === null) return pageUrl
    if (base.length > maxTextLength) return undefined
    return URL.parse(base, pageUrl)?.href ?? pageUrl
  }
}

/** Matches style sheets and the fonts that they name. */
const noPicture = /\.(?:woff2?|[ot]tf|eot|css)(?:[?#]|$)/i

/** Lazy-loading plugins move `src` and `srcset` to these attributes until a script restores them. */
const imageUrls = ['src', 'data-src', 'data-lazy-src']
const imageSets = ['srcset', 'data-srcset', 'data-lazy-srcset']
const playerUrls = ['src', 'data-src', 'poster']
/** The same for attributes that sites use for other values too. */
const lazyUrls = ['data-original', 'data-orig-src', 'data-lazy', 'data-lazyload', 'data-echo', 'data-poster']
const lazySets = ['data-original-set', 'data-orig-srcset']
/** Backgrounds of any element: a URL, or CSS. */
const backgroundUrls = (
  'data-bg data-bg-hidpi data-bg-image data-bg-multi data-bg-url data-lazy-bg ' +
  'data-background data-background-image data-back'
).split(' ')
const backgroundSets = ['data-bgset', 'data-bg-set']
const drawingUrls = ['href', 'xlink:href']

/** The attributes that {@link PageMedia} reads. */
export const mediaAttributes: ReadonlySet<string> = new Set(
  [imageUrls, imageSets, playerUrls, lazyUrls, lazySets, backgroundUrls, backgroundSets, drawingUrls]
    .flat()
    .concat('style', 'download', 'type', 'data', 'background', 'as', 'imagesrcset'),
)

function mediaOf(tag: Tag): string[] {
  return [...elementMedia(tag), ...backgroundsOf(tag)]
}

function elementMedia({ name, attributes, isHtml }: Tag): string[] {
  const valuesOf = (names: readonly string[]) => names.flatMap((one) => attributes.get(one)?.trim() || [])
  const setsOf = (names: readonly string[]) => valuesOf(names).flatMap(parseSrcset)
  switch (name) {
    case 'img':
    case 'source':
      return [
        ...valuesOf(imageUrls),
        ...setsOf(imageSets),
        ...valuesOf(lazyUrls).filter(isLikeUrl),
        ...setsOf(lazySets).filter(isLikeUrl),
      ]
    case 'video':
    case 'audio':
      return [...valuesOf(playerUrls), ...valuesOf(lazyUrls).filter(isLikeUrl)]
    case 'input':
      return attributes.get('type')?.trim().toLowerCase() === 'image' ? valuesOf(imageUrls) : []
    case 'embed':
      return valuesOf(['src'])
    case 'object':
      return valuesOf(['data'])
    case 'link':
      return attributes.get('as')?.trim().toLowerCase() === 'image'
        ? [...valuesOf(['href']), ...setsOf(['imagesrcset'])]
        : []
    case 'image':
    case 'feimage':
      return isHtml ? [] : valuesOf(drawingUrls)
    case 'a':
      return isDownloadLink(attributes) ? valuesOf(['href']) : []
    default:
      return []
  }
}

function backgroundsOf({ name, attributes }: Tag): string[] {
  const found = parseStyleUrls(attributes.get('style') ?? '')
  for (const one of backgroundUrls) {
    const value = attributes.get(one)?.trim() ?? ''
    if (isLikeUrl(value)) found.push(value)
    else if (value !== '') found.push(...parseStyleUrls(value))
  }
  for (const one of backgroundSets) found.push(...parseSrcset(attributes.get(one) ?? '').filter(isLikeUrl))
  const shown = attributes.get('background')?.trim()
  if (shown && withBackground.has(name)) found.push(shown)
  return found
}

/** Elements whose `background` attribute browsers apply. */
const withBackground = new Set(['body', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'])

/** Returns whether the value of an attribute is a URL and not a colour, a flag or CSS. */
function isLikeUrl(value: string): boolean {
  if (value.length > maxTextLength || /[\s"'<>{}]/.test(value)) return false
  return /[./]/.test(value) && !/^[\w-]*\(/.test(value)
}

/**
 * Returns whether a link names a file. Other links are not followed: fetching every link of a page would load the site,
 * and some links have effects (log out, add to a cart).
 */
function isDownloadLink(attributes: Tag['attributes']): boolean {
  if (attributes.has('download')) return true
  const href = attributes.get('href') ?? ''
  if (href.length > maxTextLength) return false
  const [path = ''] = href.split(/[?#]/, 1)
  const extension = /[^/]\.([a-z0-9]{2,5})$/i.exec(path)?.[1]?.toLowerCase()
  return extension !== undefined && !pageExtensions.has(extension) && !/^(?:https?:)?\/\/[^/]*$/i.test(path)
}

const pageExtensions = new Set([
  'html',
  'htm',
  'xhtml',
  'php',
  'asp',
  'aspx',
  'jsp',
  'cgi',
  'xml',
  'rss',
  'txt',
])
