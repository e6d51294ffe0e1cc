import { TextDecoder } from '@exodus/bytes/encoding.js'
import { canonicalUrl } from '../canonical-url.ts'
import type { SourceFetch, SourceResponse } from '../contract.ts'
import { statedDate } from '../stated-date.ts'
import { charsetOf } from '../xml/charset-of.ts'
import { encodingHeadLength, xmlEncoding } from '../xml/xml-encoding.ts'
import { unpacked } from './unpacked.ts'
import { type SitemapItem, SitemapParser, UnreadableSitemap } from './sitemap-parser.ts'

/** A page that a sitemap names. */
export interface SitemapEntry {
  /** Canonical, on one of the site's origins. */
  readonly url: string
  /** The site's statement, which is often the time of a deploy; null if it states none that can be true. */
  readonly lastmod: Date | null
}

/** Limits of one reading. The first two are those of the protocol (sitemaps.org). */
export interface SitemapLimits {
  /** bytes of one file, unpacked */
  readonly maxFile: number
  readonly maxUrlsPerFile: number
  /** Files of one reading, the indexes included. */
  readonly maxFiles: number
  /** Indexes above a sitemap. The protocol allows one. */
  readonly maxDepth: number
  /** Pages of one reading. */
  readonly maxUrls: number
}

export const defaultSitemapLimits: SitemapLimits = {
  maxFile: 50 * 1024 * 1024,
  maxUrlsPerFile: 50_000,
  maxFiles: 1000,
  maxDepth: 3,
  maxUrls: 1_000_000,
}

export interface SitemapOptions {
  /** Entries on other origins are left out. */
  readonly origins: readonly string[]
  /** ms since the Unix epoch */
  readonly now: number
  /** Receives what the owner should know: files and entries that were left out. */
  readonly problem: (text: string) => void
  /** @default {@link defaultSitemapLimits} */
  readonly limits?: SitemapLimits
}

/**
 * Yields the pages that a sitemap names, or those of all sitemaps of an index, each file as a stream. A file that cannot
 * be read is a problem, and the others are still read.
 * @throws the errors of `fetch`, for the first file, and for any file after the reading was stopped
 */
export async function* readSitemap(
  fetch: SourceFetch,
  url: string,
  { origins, now, problem, limits = defaultSitemapLimits }: SitemapOptions,
): AsyncGenerator<SitemapEntry> {
  const queue = new SitemapQueue(url, limits)
  let pages = 0
  for (const file of queue.files()) {
    const report = (text: string) => problem(`${file.url}: ${text}`)
    const leftOut = { foreign: 0, invalid: 0 }
    for await (const { kind, loc, lastmod } of itemsOf(fetch, file, { limits, report })) {
      const address = addressOf(loc, file.url, origins)
      if (address === 'foreign' || address === 'invalid') {
        leftOut[address]++
        continue
      }
      if (kind === 'sitemap') {
        const refusal = queue.add(address.href, file)
        if (refusal === null) continue
        report(refusal)
        break
      }
      yield { url: address.href, lastmod: statedDate(lastmod, now) }
      pages++
      if (pages >= limits.maxUrls) return report(`Only the first ${limits.maxUrls} pages were read.`)
    }
    if (leftOut.foreign > 0) report(`Addresses on other origins were left out: ${leftOut.foreign}.`)
    if (leftOut.invalid > 0) report(`Entries without a valid address were left out: ${leftOut.invalid}.`)
  }
}

interface SitemapFile {
  readonly url: string
  /** Number of indexes above it. */
  readonly depth: number
}

/** The files of one reading, each once. */
class SitemapQueue {
  readonly #limits: SitemapLimits
  readonly #files: SitemapFile[]
  readonly #urls: Set<string>

  constructor(first: string, limits: SitemapLimits) {
    this.#files = [{ url: first, depth: 0 }]
    this.#urls = new Set([first])
    this.#limits = limits
  }

  /** Yields the files in the order in which they were added, until none is left. */
  *files(): Generator<SitemapFile> {
    yield* this.#files
  }

  /** Adds a file that an index names. Returns the reason if the rest of the index must be left out. */
  add(url: string, index: SitemapFile): string | null {
    if (this.#urls.has(url)) return null
    const { maxDepth, maxFiles } = this.#limits
    if (index.depth >= maxDepth)
      return `${url} was left out: there are more than ${maxDepth} indexes above it.`
    if (this.#files.length >= maxFiles)
      return `The rest was not read: one reading has ${maxFiles} files at most.`
    this.#urls.add(url)
    this.#files.push({ url, depth: index.depth + 1 })
    return null
  }
}

/** Returns the address of an entry, or the reason why it is left out. */
function addressOf(loc: string, base: string, origins: readonly string[]): URL | 'foreign' | 'invalid' {
  // A replacement character stands for bytes that the stated encoding does not have.
  const url = loc === '' || loc.includes('\ufffd') ? null : canonicalUrl(URL.parse(loc, base)?.href ?? '')
  if (url === null) return 'invalid'
  return origins.includes(url.origin) ? url : 'foreign'
}

interface FileOptions {
  readonly limits: SitemapLimits
  readonly report: (text: string) => void
}

/** Yields the entries of one file. */
async function* itemsOf(
  fetch: SourceFetch,
  { url, depth }: SitemapFile,
  { limits, report }: FileOptions,
): AsyncGenerator<SitemapItem> {
  let response: SourceResponse | undefined
  try {
    response = await fetch(url)
    if (response.status !== 200) {
      report(`The site responded with status ${response.status}.`)
      return
    }
    yield* firstItems(parsed(response, limits), { limits, report })
  } catch (error) {
    if (error instanceof UnreadableSitemap) report(`The rest was not read: ${error.message}.`)
    else if (depth === 0 || isStop(error)) throw error
    else report(`It could not be fetched: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    response?.discard()
  }
}

async function* firstItems(
  items: AsyncIterable<SitemapItem>,
  { limits: { maxUrlsPerFile }, report }: FileOptions,
): AsyncGenerator<SitemapItem> {
  let count = 0
  for await (const item of items) {
    if (count >= maxUrlsPerFile) {
      report(`Only its first ${maxUrlsPerFile} entries were read, which is the limit of the protocol.`)
      return
    }
    count++
    yield item
  }
}

async function* parsed(response: SourceResponse, { maxFile }: SitemapLimits): AsyncGenerator<SitemapItem> {
  const parser = new SitemapParser()
  // The limit of the response is higher, so that a file that is too long is read up to its limit.
  const bytes = unpacked(response.read(2 * maxFile), maxFile)
  for await (const text of decoded(bytes, charsetOf(response.header('content-type'))))
    yield* parser.write(text)
  parser.end()
}

/** Yields the text in pieces that are parsed without holding up the process. */
async function* decoded(bytes: AsyncIterable<Uint8Array>, charset: string | null): AsyncGenerator<string> {
  let head: Uint8Array = new Uint8Array()
  let decoder: InstanceType<typeof TextDecoder> | null = null
  for await (const piece of bytes) {
    if (decoder !== null) {
      yield decoder.decode(piece, { stream: true })
      continue
    }
    head = Buffer.concat([head, piece])
    if (head.length < encodingHeadLength) continue
    decoder = new TextDecoder(xmlEncoding(head, charset))
    yield decoder.decode(head, { stream: true })
  }
  if (decoder === null) yield new TextDecoder(xmlEncoding(head, charset)).decode(head)
  else yield decoder.decode()
}

/** Returns whether the whole reading was stopped. */
function isStop(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return error.name === 'AbortError' || ('code' in error && error.code === 'stopped')
}
