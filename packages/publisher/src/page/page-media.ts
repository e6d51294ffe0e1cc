import type { Tag } from './read-tags.ts'
import { parseSrcset } from './srcset.ts'
import { parseStyleUrls } from './style-urls.ts'

/** The longest address that is fetched, characters. */
const maxUrlLength = 2048
/** The longest text that may become such an address: dots, tabs and line ends disappear from it. */
const maxTextLength = 4 * maxUrlLength

/** Collects the addresses of the media and downloads that a page's tags name. */
export class PageMedia {
  readonly #found = new Set<string>()
  #base: string | null = null

  add(tag: Tag): void {
    if (tag.name === 'base') this.#base ??= tag.attributes.get('href') ?? null
    for (const text of mediaOf(tag)) if (text.length <= maxTextLength) this.#found.add(text)
  }

  /**
   * Absolute http(s) URLs without fragments, in the order of the page, each once; at most `limit`, all of them on
   * `origins`.
   */
  resolve(pageUrl: string, { origins, limit }: { origins: readonly string[]; limit: number }): string[] {
    const base = this.#baseUrl(pageUrl)
    const urls = new Set<string>()
    for (const text of this.#found) {
      if (urls.size >= limit) break
      const url = URL.parse(text, base)
      if (url === null || url.username !== '' || url.password !== '' || !origins.includes(url.origin))
        continue
      url.hash = ''
      if (url.href.length <= maxUrlLength) urls.add(url.href)
    }
    return [...urls]
  }

  /** Addresses are resolved one by one, each in time proportional to the base: one that is too long is none. */
  #baseUrl(pageUrl: string): string | undefined {
    const base = this.#base
    if (base === null) return pageUrl
    if (base.length > maxTextLength) return undefined
    return URL.parse(base, pageUrl)?.href ?? pageUrl
  }
}

/** Lazy-loading plugins move `src` and `srcset` aside until a script puts them back. */
const imageUrls = ['src', 'data-src', 'data-lazy-src']
const imageSets = ['srcset', 'data-srcset', 'data-lazy-srcset']
const playerUrls = ['src', 'data-src', 'poster']

/** The attributes that {@link PageMedia} reads. */
export const mediaAttributes: ReadonlySet<string> = new Set(
  [imageUrls, imageSets, playerUrls, ['style', 'href', 'download']].flat(),
)

function mediaOf({ name, attributes }: Tag): string[] {
  const valuesOf = (names: readonly string[]) => names.flatMap((one) => attributes.get(one)?.trim() || [])
  const background = parseStyleUrls(attributes.get('style') ?? '')
  switch (name) {
    case 'img':
    case 'source':
      return [...valuesOf(imageUrls), ...valuesOf(imageSets).flatMap(parseSrcset), ...background]
    case 'video':
    case 'audio':
      return [...valuesOf(playerUrls), ...background]
    case 'a':
      return isDownloadLink(attributes) ? [...valuesOf(['href']), ...background] : background
    default:
      return background
  }
}

/**
 * Links are followed only when they name a file: fetching every link of a page would load the site, and
 * some links do things (log out, add to a cart).
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
