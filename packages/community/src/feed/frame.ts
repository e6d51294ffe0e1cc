import { Html, markup } from './html.ts'
import { feedPath, viewPath } from './paths.ts'
import { style } from './style.ts'

/** A page of the feed. */
export interface FramedPage {
  readonly title: string
  readonly description: string
  /** The server's public address, without a trailing slash. */
  readonly origin: string
  /** The path of the page, with its query. */
  readonly path: string
  /** The path of the list that the page is, for the navigation. @default none */
  readonly current?: string
  /** The path of the next and the previous page of a list. @default none */
  readonly next?: string | null
  readonly previous?: string | null
  /** Whether search engines may list the page. @default true */
  readonly isIndexed?: boolean
  /** Structured data. @default none */
  readonly data?: Html | null
  readonly main: Html
}

const views = [
  [feedPath, 'Hot'],
  [`${feedPath}/new`, 'New'],
] as const

/** Renders a whole page, without scripts. */
export function framePage(page: FramedPage): string {
  const { title, description, origin, path, current, next = null, previous = null, isIndexed = true } = page
  const link = (rel: string, target: string | null) =>
    target !== null && markup`<link rel="${rel}" href="${origin}${target}">`
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title} · PeerPress community</title>
        <link rel="icon" href="/icon.svg">
        <meta name="description" content="${description}">
        ${isIndexed ? link('canonical', path) : markup`<meta name="robots" content="noindex">`}
        ${link('next', next)}${link('prev', previous)}
        <link
          rel="alternate"
          type="application/rss+xml"
          title="PeerPress community"
          href="${origin}${feedPath}/feed.xml">
        <link
          rel="alternate"
          type="application/feed+json"
          title="PeerPress community"
          href="${origin}${feedPath}/feed.json">
        <meta property="og:title" content="${title}">
        <meta property="og:description" content="${description}">
        <meta property="og:type" content="website">
        <meta property="og:url" content="${origin}${path}">
        <style>${styleText}</style>
        ${page.data ?? null}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the page</a>
        <header>
          <a class="brand" href="${viewPath({ order: 'hot', language: null, region: null })}"
            >PeerPress community</a
          >
          <nav aria-label="Lists">
            <ul>
              ${views.map(
                ([target, label]) =>
                  markup`<li>
                    <a href="${target}"${target === current && markup` aria-current="page"`}>${label}</a>
                  </li>`,
              )}
            </ul>
          </nav>
        </header>
        <main id="main">${page.main}</main>
        <footer>
          <p>
            Owners of proven sites share their posts here and vote with the weight that their standing has.
            Also as <a href="${feedPath}/feed.xml">RSS</a> and <a href="${feedPath}/feed.json">JSON Feed</a>.
            This page sets no cookie and loads nothing from other hosts.
          </p>
        </footer>
      </body>
    </html>`.text
}

/** The style is this package's own, and no markup can be in it. */
const styleText = new Html(style)
