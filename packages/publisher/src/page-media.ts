import { Parser } from 'htmlparser2'
import { parseSrcset } from './srcset.ts'

/** Finds the media and downloads a page asks for. Fed piece by piece; keeps only the URLs. */
export interface PageMedia {
  write(html: string): void
  /** Absolute http(s) URLs without fragments in the order of the page, each once. */
  end(): URL[]
}

export function createPageMedia(pageUrl: URL): PageMedia {
  const found = new Set<string>()
  let base: string | null = null
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (name === 'base' && attributes.href !== undefined) base ??= attributes.href
      for (const url of mediaOf(name, attributes)) found.add(url)
    },
  })
  return {
    write: (html) => parser.write(html),
    end: () => {
      parser.end()
      const from = base !== null && URL.canParse(base, pageUrl.href) ? new URL(base, pageUrl) : pageUrl
      return resolveAll(found, from)
    },
  }
}

type Attributes = Readonly<Record<string, string>>

function mediaOf(name: string, attributes: Attributes): string[] {
  const background = attributes.style === undefined ? [] : backgroundsOf(attributes.style)
  switch (name) {
    case 'img':
    case 'source':
      return [...valuesOf(attributes, urlAttributes), ...srcsetsOf(attributes), ...background]
    case 'video':
    case 'audio':
      return [...valuesOf(attributes, ['src', 'data-src', 'poster']), ...background]
    case 'a':
      return isDownloadLink(attributes) ? [...valuesOf(attributes, ['href']), ...background] : background
    default:
      return background
  }
}

/** Lazy-loading plugins move `src` and `srcset` aside until a script puts them back. */
const urlAttributes = ['src', 'data-src', 'data-lazy-src']
const srcsetAttributes = ['srcset', 'data-srcset', 'data-lazy-srcset']

function valuesOf(attributes: Attributes, names: readonly string[]): string[] {
  return names.flatMap((name) => attributes[name]?.trim() || [])
}

function srcsetsOf(attributes: Attributes): string[] {
  return valuesOf(attributes, srcsetAttributes).flatMap(parseSrcset)
}

function backgroundsOf(style: string): string[] {
  return [...style.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^)'"\s]*))\s*\)/gi)].flatMap(
    ([, double, single, bare]) => double ?? single ?? bare ?? [],
  )
}

/**
 * Links are followed only when they name a file: fetching every link of a page would load the site, and
 * some links do things (log out, add to a cart).
 */
function isDownloadLink({ href = '', download }: Attributes): boolean {
  if (download !== undefined) return true
  const [path = ''] = href.split(/[?#]/)
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

function resolveAll(found: Iterable<string>, base: URL): URL[] {
  const urls = new Map<string, URL>()
  for (const text of found) {
    if (!URL.canParse(text, base.href)) continue
    const url = new URL(text, base.href)
    url.hash = ''
    const isHttp = url.protocol === 'http:' || url.protocol === 'https:'
    if (isHttp && url.username === '' && url.password === '' && url.href.length <= 2048)
      urls.set(url.href, url)
  }
  return [...urls.values()]
}
