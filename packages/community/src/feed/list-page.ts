import type { FeedEntry } from './feed-entry.ts'
import { framePage } from './frame.ts'
import { markup, jsonLd } from './html.ts'
import { type FeedView, viewPath } from './paths.ts'
import { languageName, postItem, regionName } from './post-item.ts'

export interface ListPage {
  readonly view: FeedView
  readonly origin: string
  readonly entries: readonly FeedEntry[]
  /** The cursor that the page begins after; null for the first page. */
  readonly after: string | null
  /** The cursor of the next page; null if there is none. */
  readonly next: string | null
}

/** Renders one page of a list. */
export function renderList({ view, origin, entries, after, next }: ListPage): string {
  const path = viewPath(view)
  const pageAfter = (cursor: string | null) =>
    cursor === null ? path : `${path}?after=${encodeURIComponent(cursor)}`
  const title = titleOf(view)
  const nextPath = next === null ? null : pageAfter(next)
  return framePage({
    title: after === null ? title : `${title}, continued`,
    description: descriptionOf(view),
    origin,
    path: pageAfter(after),
    current: path,
    next: nextPath,
    isIndexed: entries.length > 0,
    data: jsonLd({
      '@context': 'https://schema.org',
      '@type': 'CollectionPage',
      name: title,
      url: `${origin}${pageAfter(after)}`,
      mainEntity: {
        '@type': 'ItemList',
        itemListElement: entries.map(({ post }, i) => ({
          '@type': 'ListItem',
          position: i + 1,
          url: post.url,
          name: post.title,
        })),
      },
    }),
    main: markup`<h1>${title}</h1>
      <p class="lead">${descriptionOf(view)}</p>
      ${
        entries.length === 0
          ? markup`<p class="panel">Nothing was shared here yet.</p>`
          : markup`<ol class="posts">
              ${entries.map(postItem)}
            </ol>`
      }
      ${nextPath !== null && markup`<p class="more"><a href="${nextPath}" rel="next">More posts</a></p>`}`,
  })
}

/** Returns the heading of a list. */
export function titleOf({ order, language, region }: FeedView): string {
  if (language !== null) return `Posts in ${languageName(language)}`
  if (region !== null) return `Posts from ${regionName(region)}`
  return order === 'new' ? 'New posts' : 'Hot posts'
}

/** Returns one sentence about a list. */
export function descriptionOf({ order, language, region }: FeedView): string {
  if (order === 'new') return 'The latest posts that owners of proven sites shared.'
  const what = 'that owners of proven sites shared and rated'
  if (language !== null) return `Posts in ${languageName(language)} ${what}.`
  if (region !== null) return `Posts from ${regionName(region)} ${what}.`
  return `Posts ${what}. Votes weigh what their sites have earned.`
}
