import { describePollConnector } from '../support/connectors/poll-kit.ts'
import type { StatedPage } from '../support/connectors/poll-bench.ts'

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** An element with this content; nothing if there is none. */
const element = (name: string, content: string | null) =>
  content === null ? '' : `<${name}>${escape(content)}</${name}>`

const sitemap = (pages: readonly StatedPage[]) => {
  const urls = pages.map(
    ({ url, updated }) => `<url>${element('loc', url)}${element('lastmod', updated)}</url>`,
  )
  return `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.join('')}</urlset>`
}

describePollConnector({
  name: 'an Atom feed',
  kind: 'feed',
  write: (pages) => {
    const entries = pages.map(
      ({ url, updated }) =>
        `<entry>${element('id', url)}<title>A post</title>${element('updated', updated)}<link href="${escape(url)}"/></entry>`,
    )
    const body = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>${entries.join('')}</feed>`
    return { body, type: 'application/atom+xml' }
  },
})

describePollConnector({
  name: 'an RSS feed',
  kind: 'feed',
  write: (pages) => {
    const items = pages.map(({ url, updated }) => {
      const date = updated === null ? null : new Date(updated).toUTCString()
      return `<item><title>A post</title>${element('link', url)}${element('pubDate', date)}</item>`
    })
    const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>A</title>${items.join('')}</channel></rss>`
    return { body, type: 'application/rss+xml' }
  },
})

describePollConnector({
  name: 'a sitemap',
  kind: 'sitemap',
  write: (pages) => ({ body: sitemap(pages), type: 'application/xml' }),
})
