import { canonicalUrl } from '../canonical-url.ts'
import { statedDate } from '../stated-date.ts'
import { charsetOf } from '../xml/charset-of.ts'
import { parseInThread } from './feed-thread.ts'
import type { StatedEntry } from './parse-feed.ts'

/** A page that a feed names. */
export interface FeedEntry {
  /** Canonical, on one of the site's origins. */
  readonly url: string
  /** The feed's id of the entry, at most 2,048 characters; its URL if it has none. */
  readonly id: string
  readonly title: string | null
  /** The site's statement; null if it states none that can be true. */
  readonly updated: Date | null
}

export interface FeedOptions {
  /** The `Content-Type` header of the response. */
  readonly contentType: string | null
  /** Address of the feed. Its links are relative to it. */
  readonly url: string
  /** Entries on other origins are left out. */
  readonly origins: readonly string[]
  /** ms since the Unix epoch */
  readonly now: number
  /** @default {@link defaultFeedLimits} */
  readonly limits?: FeedLimits
}

export interface FeedLimits {
  /** bytes */
  readonly maxFeed: number
  readonly maxEntries: number
  /** ms of the thread that parses it */
  readonly time: number
  /** MiB of the thread that parses it */
  readonly memory: number
}

export const defaultFeedLimits: FeedLimits = {
  maxFeed: 8 * 1024 * 1024,
  maxEntries: 5000,
  time: 30_000,
  memory: 256,
}

/** The entries of a feed, each page once, and what its owner should know. Without entries, `problems` says why. */
export interface Feed {
  readonly entries: readonly FeedEntry[]
  readonly problems: readonly string[]
}

const maxTitleLength = 300
const maxIdLength = 2048

/**
 * Reads an RSS, Atom, RDF or JSON feed. Its content never makes it throw: a feed that cannot be read has no entries and a
 * problem. Rejects with the errors of `body`.
 */
export async function readFeed(
  body: AsyncIterable<Uint8Array>,
  { contentType, url, origins, now, limits = defaultFeedLimits }: FeedOptions,
): Promise<Feed> {
  const bytes = await collect(body, limits.maxFeed)
  if (bytes === null) {
    const problem = `It is longer than ${limits.maxFeed / 1024 ** 2} MiB. Let the feed list fewer entries, or their summaries only.`
    return { entries: [], problems: [problem] }
  }
  const { maxEntries } = limits
  // One more entry shows that there are more.
  const task = { bytes, charset: charsetOf(contentType), maxEntries: maxEntries + 1 }
  const answer = await parseInThread(task, limits)
  if ('failure' in answer) return { entries: [], problems: [answer.failure] }
  const problems = answer.problem === null ? [] : [answer.problem]
  if (answer.entries.length > maxEntries) problems.push(`Only its first ${maxEntries} entries were read.`)
  return entriesOf(answer.entries.slice(0, maxEntries), { url, origins, now, problems })
}

/** Returns the body's bytes; null if there are more than `limit`. */
async function collect(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > limit) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

interface EntryContext {
  readonly url: string
  readonly origins: readonly string[]
  readonly now: number
  readonly problems: readonly string[]
}

function entriesOf(stated: readonly StatedEntry[], { url, origins, now, problems }: EntryContext): Feed {
  const entries = new Map<string, FeedEntry>()
  let foreign = 0
  let invalid = 0
  for (const { url: link, id, title, updated } of stated) {
    const page = pageOf(link?.trim() ?? '', url)
    if (page === null) invalid++
    else if (!origins.includes(page.origin)) foreign++
    else if (!entries.has(page.href)) {
      entries.set(page.href, {
        url: page.href,
        id: id?.trim().slice(0, maxIdLength) || page.href,
        title: titleOf(title),
        updated: statedDate(updated, now),
      })
    }
  }
  const leftOut = []
  if (foreign > 0) leftOut.push(`Entries on other origins were left out: ${foreign}.`)
  if (invalid > 0) leftOut.push(`Entries without a valid address were left out: ${invalid}.`)
  return { entries: [...entries.values()], problems: [...problems, ...leftOut] }
}

/** Returns the page of a link; null for a link that names none. */
function pageOf(link: string, feedUrl: string): URL | null {
  const url = link === '' ? null : URL.parse(link, feedUrl)
  return url === null ? null : canonicalUrl(url.href)
}

function titleOf(text: string | undefined): string | null {
  const title = text
    ?.slice(0, 4 * maxTitleLength)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, maxTitleLength)
  return title === undefined || title === '' ? null : title.toWellFormed()
}
