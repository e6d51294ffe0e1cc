import { markup, type Html } from './html.ts'
import type { FeedEntry, MemberLabel } from './feed-entry.ts'
import { memberPath, postPath, viewPath } from './paths.ts'

/** Renders a post within a list. */
export function postItem({ post, label, score }: FeedEntry): Html {
  const { id, url, title, summary, picture, sharedAt, topics } = post
  return markup`<li class="post${picture !== null && ' pictured'}">${pictureOf(post)}<article${languageOf(post)}>
<h2><a href="${url}" rel="noopener nofollow ugc">${title}</a></h2>
${summary !== '' && markup`<p>${summary}</p>`}
<p class="facts" lang="en"><span>${memberLink(label)}</span><span>${timeOf(sharedAt)}</span>${placesOf(post)}${
    topics.length > 0 && markup`<span>${topics.join(', ')}</span>`
  }<span>${votesOf(score)}</span><a href="${postPath(id)}">Why is this here?<span class="skip"> ${title}</span></a></p>
</article></li>`
}

/** Renders the picture, a copy on this server. */
export function pictureOf({ picture }: Pick<FeedEntry['post'], 'picture'>): Html | null {
  if (picture === null) return null
  return markup`<img class="picture" src="/v1/mirror/${picture}" alt="" loading="lazy" decoding="async" />`
}

/** Renders the `lang` and `dir` of a foreign text. */
export function languageOf({ language }: Pick<FeedEntry['post'], 'language'>): Html {
  return language === null ? markup` dir="auto"` : markup` lang="${language}" dir="auto"`
}

/** Renders the name of a member site, with its page. */
export function memberLink({ member, shown }: MemberLabel): Html {
  return markup`<a href="${memberPath(member)}">${shown.text}</a>${
    shown.isPunycode && ' (shown in punycode, because its letters could be mistaken for others)'
  }`
}

/** Renders links to the lists of the post's language and region. */
export function placesOf({ language, region }: Pick<FeedEntry['post'], 'language' | 'region'>): Html {
  const places = [
    language !== null &&
      markup`<a href="${viewPath({ order: 'hot', language, region: null })}">${languageName(language)}</a>`,
    region !== null &&
      markup`<a href="${viewPath({ order: 'hot', language: null, region })}">${regionName(region)}</a>`,
  ]
  return markup`${places}`
}

/** Renders a moment, in UTC. */
export function timeOf(at: Date): Html {
  return markup`<time datetime="${at.toISOString()}">${timeFormat.format(at)} UTC</time>`
}

function votesOf({ upVotes, downVotes }: FeedEntry['score']): string {
  const up = `${upVotes} upvote${upVotes === 1 ? '' : 's'}`
  return downVotes === 0 ? up : `${up}, ${downVotes} downvote${downVotes === 1 ? '' : 's'}`
}

const timeFormat = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
})
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })
const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })

export function languageName(code: string): string {
  return languages.of(code) ?? code
}

export function regionName(code: string): string {
  return regions.of(code) ?? code
}
