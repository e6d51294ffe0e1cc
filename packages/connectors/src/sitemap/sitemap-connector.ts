import type { NamedPage, Poll, PollConnector, PollEnd } from '../contract.ts'
import { readSitemap } from './read-sitemap.ts'

/** Polls a sitemap or an index of sitemaps. It needs no cursor, because it names all pages each time. */
export const sitemapConnector: PollConnector = { kind: 'sitemap', poll }

async function* poll({ site, url, fetch, now, problem }: Poll): AsyncGenerator<NamedPage, PollEnd> {
  for await (const page of readSitemap(fetch, url, { origins: site.origins, now, problem })) {
    yield { url: page.url, hint: page.lastmod?.toISOString() ?? null }
  }
  return { isUnchanged: false, cursor: {} }
}
