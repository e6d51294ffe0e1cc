import type { PostStatement, Site } from '@peerpress/registry'
import type { PostId } from '@peerpress/wire'

/** A response of a site. Its body is read once, or discarded. */
export interface SourceResponse {
  readonly status: number
  /** The end of the redirects. */
  readonly url: URL
  /** Returns a header's value, or null. */
  readonly header: (name: string) => string | null
  /** Yields the decoded body. Rejects beyond `limit` bytes, and when the site is too slow. */
  read(limit: number): AsyncIterable<Uint8Array>
  /** Closes the connection without reading. */
  discard(): void
}

/** Fetches from a site's registered origins only, with its limits. Connectors have no other access to the network. */
export type SourceFetch = (
  url: string,
  options?: { readonly headers?: Readonly<Record<string, string>> },
) => Promise<SourceResponse>

/** A page that a source names, because it may have changed. The page itself decides whether it did. */
export interface NamedPage {
  readonly url: string
  /**
   * What the source states about the page's version, such as `lastmod`; null if it states nothing. A change of it is a
   * reason to look at the page, and never a reason to publish it.
   */
  readonly hint: string | null
}

/** What a connector remembers between two polls. */
export type Cursor = Readonly<Record<string, string>>

/** One run over a source. */
export interface Poll {
  readonly site: Site
  /** Address of the source, on an origin of the site. */
  readonly url: string
  /** From the last complete poll; empty the first time. */
  readonly cursor: Cursor
  readonly fetch: SourceFetch
  /** ms since the Unix epoch */
  readonly now: number
  /** Records what the owner should know, such as an entry that was left out. */
  readonly problem: (text: string) => void
}

/** What a complete poll found. */
export interface PollEnd {
  /** Whether the source stated that nothing changed, without naming its pages. */
  readonly isUnchanged: boolean
  readonly cursor: Cursor
}

/** Polls a source of a site. */
export interface PollConnector {
  readonly kind: string
  /**
   * Yields the pages that the source names, in any order, and returns the next cursor. It may be stopped after any page
   * and started again with the old cursor, so it has no other effect.
   * @throws {ConnectorError} `bad-source` and the errors of `fetch`
   */
  poll(poll: Poll): AsyncGenerator<NamedPage, PollEnd>
}

/** Request headers, with names in lower case as node:http returns them. */
export type MessageHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** A request that claims to come from a site's CMS. */
export interface SignedRequest {
  readonly secret: string
  readonly headers: MessageHeaders
  readonly body: Buffer
}

/** A verified statement of a CMS that a post may have changed. */
export interface PostChange {
  /** The same for every delivery of one event. */
  readonly id: string
  readonly post: PostId
  readonly url: string
  readonly statement: PostStatement
}
