import { type AtomFeed, type JsonFeed, parseFeed as parse, type RdfFeed, type RssFeed } from 'feedsmith'

/** An entry as its feed states it. Nothing of it is checked. */
export interface StatedEntry {
  readonly url: string | undefined
  readonly id: string | undefined
  readonly title: string | undefined
  readonly updated: string | undefined
}

/**
 * Returns the entries of an RSS, Atom, RDF or JSON feed, in its order.
 * @throws if the text is no feed, or is not well-formed
 */
export function parseFeed(text: string, maxItems: number): readonly StatedEntry[] {
  const { format, feed } = parse(text, { maxItems })
  switch (format) {
    case 'rss':
      return (feed.items ?? []).map(rssEntry)
    case 'atom':
      return (feed.entries ?? []).map(atomEntry)
    case 'rdf':
      return (feed.items ?? []).map(rdfEntry)
    case 'json':
      return (feed.items ?? []).map(jsonEntry)
  }
}

function rssEntry({ link, guid, title, pubDate, dc, dcterms, atom }: RssFeed.Item<string>): StatedEntry {
  // A guid is the entry's URL unless the feed denies it (RSS 2.0).
  const permaLink = guid?.isPermaLink === false ? undefined : guid?.value
  const updated = atom?.updated ?? dcterms?.modified?.[0] ?? pubDate ?? dc?.dates?.[0]
  return { url: link ?? permaLink, id: guid?.value, title, updated }
}

function atomEntry({ links = [], id, title, updated, published }: AtomFeed.Entry<string>): StatedEntry {
  // A link without `rel` is an alternate (RFC 4287).
  const pages = links.filter(({ rel }) => rel === undefined || rel === 'alternate')
  const page = pages.find(({ type }) => type === undefined || type.includes('html')) ?? pages[0]
  return { url: page?.href, id, title: title?.value, updated: updated ?? published }
}

function rdfEntry({ link, title, rdf, dc, dcterms }: RdfFeed.Item<string>): StatedEntry {
  const updated = dcterms?.modified?.[0] ?? dc?.dates?.[0]
  return { url: link ?? rdf?.about, id: rdf?.about, title, updated }
}

function jsonEntry({ url, id, title, date_modified, date_published }: JsonFeed.Item<string>): StatedEntry {
  return { url, id, title, updated: date_modified ?? date_published }
}
