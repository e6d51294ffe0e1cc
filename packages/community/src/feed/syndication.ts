import type { FeedEntry } from './feed-entry.ts'
import { descriptionOf, titleOf } from './list-page.ts'
import { feedPath, type FeedView, memberPath, postPath, viewPath } from './paths.ts'

export interface Syndication {
  readonly view: FeedView
  readonly origin: string
  readonly entries: readonly FeedEntry[]
}

/** Renders a list as RSS 2.0. Items link to the member's page; their comments are the page of this server about the post. */
export async function renderRss({ view, origin, entries }: Syndication): Promise<string> {
  const { generateRssFeed } = await library()
  return generateRssFeed({
    title: `PeerPress community: ${titleOf(view)}`,
    link: `${origin}${viewPath(view)}`,
    description: descriptionOf(view),
    atom: {
      links: [{ href: `${origin}${syndicationPath('xml', view)}`, rel: 'self', type: 'application/rss+xml' }],
    },
    items: entries.map(({ post, label }) => ({
      title: post.title,
      link: post.url,
      description: post.summary === '' ? post.title : post.summary,
      guid: { value: `${origin}${postPath(post.id)}`, isPermaLink: true },
      comments: `${origin}${postPath(post.id)}`,
      pubDate: post.sharedAt,
      categories: post.topics.map((name) => ({ name })),
      source: { title: label.shown.text, url: `${origin}${memberPath(label.member)}` },
    })),
  })
}

/** Renders a list as JSON Feed 1.1. */
export async function renderJsonFeed({ view, origin, entries }: Syndication): Promise<string> {
  const { generateJsonFeed } = await library()
  const feed = generateJsonFeed({
    title: `PeerPress community: ${titleOf(view)}`,
    home_page_url: `${origin}${viewPath(view)}`,
    feed_url: `${origin}${syndicationPath('json', view)}`,
    description: descriptionOf(view),
    items: entries.map(({ post, label }) => ({
      id: `${origin}${postPath(post.id)}`,
      url: `${origin}${postPath(post.id)}`,
      external_url: post.url,
      title: post.title,
      content_text: post.summary === '' ? post.title : post.summary,
      ...(post.picture !== null && { image: `${origin}/v1/mirror/${post.picture}` }),
      date_published: post.sharedAt,
      authors: [{ name: label.shown.text, url: `${origin}${memberPath(label.member)}` }],
      tags: [...post.topics],
      ...(post.language !== null && { language: post.language }),
    })),
  })
  return JSON.stringify(feed)
}

/** A hundred modules that the first reader of a feed loads. */
function library() {
  return import('feedsmith')
}

function syndicationPath(ending: 'xml' | 'json', { order, language, region }: FeedView): string {
  const query = new URLSearchParams({
    ...(order === 'new' && { order }),
    ...(language !== null && { language }),
    ...(region !== null && { region }),
  }).toString()
  return `${feedPath}/feed.${ending}${query === '' ? '' : `?${query}`}`
}
