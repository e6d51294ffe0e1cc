import { ConnectorError } from '../connector-error.ts'
import type { Cursor, NamedPage, Poll, PollConnector, PollEnd, SourceResponse } from '../contract.ts'
import { defaultFeedLimits, type Feed, readFeed } from './read-feed.ts'

/** bytes. The reader stops sooner, at its own limit, and says what to do; a piece may go beyond that limit. */
const maxRead = 2 * defaultFeedLimits.maxFeed
/** characters of a validator that is sent back */
const maxValidator = 512

/** Polls an RSS, Atom, RDF or JSON feed. Its cursor has the validators of the last response. */
export const feedConnector: PollConnector = { kind: 'feed', poll }

async function* poll({ site, url, cursor, fetch, now, problem }: Poll): AsyncGenerator<NamedPage, PollEnd> {
  const response = await fetch(url, { headers: requestHeaders(cursor) })
  try {
    if (response.status === 304) return { isUnchanged: true, cursor }
    if (response.status !== 200) {
      throw new ConnectorError(
        'bad-source',
        `The feed responded with status ${response.status}. Open ${url} in a browser that is not signed in, and correct the address if it shows no feed.`,
      )
    }
    const feed = await readFeed(response.read(maxRead), {
      contentType: response.header('content-type'),
      url: response.url.href,
      origins: site.origins,
      now,
    })
    for (const text of feed.problems) problem(text)
    yield* pagesOf(feed)
    return { isUnchanged: false, cursor: cursorOf(response) }
  } finally {
    response.discard()
  }
}

function* pagesOf({ entries }: Feed): Generator<NamedPage> {
  for (const { url, updated, title } of entries) {
    yield {
      url,
      hint: updated === null && title === null ? null : `${updated?.toISOString() ?? ''} ${title ?? ''}`,
    }
  }
}

function requestHeaders({ etag, lastModified }: Cursor): Record<string, string> {
  return {
    accept:
      'application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5',
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified }),
  }
}

function cursorOf(response: SourceResponse): Cursor {
  const etag = validator(response.header('etag'))
  const lastModified = validator(response.header('last-modified'))
  return { ...(etag !== null && { etag }), ...(lastModified !== null && { lastModified }) }
}

/** Returns a validator that can be sent back in a header. */
function validator(text: string | null): string | null {
  return text !== null && text.length <= maxValidator && /^[\x20-\x7e]+$/.test(text) ? text : null
}
