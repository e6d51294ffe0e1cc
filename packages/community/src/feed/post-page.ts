import type { FeedEntry } from './feed-entry.ts'
import { framePage } from './frame.ts'
import { markup, jsonLd, type Html } from './html.ts'
import { postPath } from './paths.ts'
import { languageOf, memberLink, pictureOf, placesOf, timeOf } from './post-item.ts'

/** Renders the page of a shared post: the post, and the numbers that its place follows from. */
export function renderPost(entry: FeedEntry, origin: string): string {
  const { post, label, score } = entry
  const { id, title, summary, url, sharedAt, topics } = post
  return framePage({
    title,
    description: summary === '' ? `A post of ${label.shown.text}, and why it is in the feed.` : summary,
    origin,
    path: postPath(id),
    data: jsonLd({
      '@context': 'https://schema.org',
      '@type': 'SocialMediaPosting',
      headline: title,
      url: `${origin}${postPath(id)}`,
      datePublished: sharedAt.toISOString(),
      sharedContent: { '@type': 'WebPage', headline: title, url, inLanguage: post.language ?? undefined },
      author: { '@type': 'Organization', name: label.shown.text, url: `https://${label.member}/` },
      interactionStatistic: {
        '@type': 'InteractionCounter',
        interactionType: 'https://schema.org/LikeAction',
        userInteractionCount: score.upVotes,
      },
    }),
    main: markup`<article class="panel" ${languageOf(post)}>
        ${pictureOf(post)}
        <h1><a href="${url}" rel="noopener nofollow ugc">${title}</a></h1>
        ${summary !== '' && markup`<p>${summary}</p>`}
        <p class="facts" lang="en">
          <span>${memberLink(label)}</span><span>shared ${timeOf(sharedAt)}</span>${placesOf(post)}${
            topics.length > 0 && markup`<span>${topics.join(', ')}</span>`
          }
        </p>
      </article>
      ${explanation(entry)}`,
  })
}

/** Renders the numbers and the formula. */
function explanation({ score }: FeedEntry): Html {
  const { upWeight, downWeight, upVotes, downVotes, quality, mean, factor, hours, hot } = score
  return markup`<section class="panel" aria-labelledby="why">
    <h2 id="why">Why is this here?</h2>
    <p>
      Its place is <strong>${number(hot, 3)}</strong> = log<sub>2</sub>(max(1, U × Q × F)) + t / 48. The list
      is ordered by this number, which is stored and changes with votes, measured performance and decisions
      only.
    </p>
    <dl>
      <dt>Upvotes, downvotes</dt>
      <dd>${upVotes}, ${downVotes}</dd>
      <dt>U, weight of the upvotes</dt>
      <dd>${number(upWeight, 3)}</dd>
      <dt>Weight of the downvotes</dt>
      <dd>${number(downWeight, 3)}</dd>
      <dt>Q, quality</dt>
      <dd>${number(quality, 3)}</dd>
      <dt>Mean of the feed</dt>
      <dd>${number(mean, 3)}</dd>
      <dt>F, measured performance</dt>
      <dd>${number(factor, 3)}</dd>
      <dt>t, hours since the feed began</dt>
      <dd>${number(hours, 1)}</dd>
    </dl>
    <p class="quiet">
      Q is the Wilson lower bound (z = 1.28) of the weighted votes with a prior of 4 votes at the mean of the
      feed. F is 0.8 to 1.2: engaged time, speed and reliability among the posts of the same site. The weight
      of a vote is fixed when it is cast: it depends on the age of the voting site and on how often it voted
      like the earlier voters.
    </p>
  </section>`
}

function number(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** Renders the page of an address that shows nothing, or nothing any more. */
export function renderAbsence(origin: string, state: 'unknown' | 'hidden' | 'withdrawn'): string {
  const [title, text] = absences[state]
  return framePage({
    title,
    description: text,
    origin,
    path: '/community',
    isIndexed: false,
    main: markup`<h1>${title}</h1>
      <p class="panel">${text} <a href="/community">Look at the hot posts</a>.</p>`,
  })
}

const absences = {
  unknown: ['There is nothing here', 'No post, list or member site of the community has this address.'],
  hidden: [
    'This post is hidden',
    'A rule or the operator of this server hid it. Its owner sees the reason and can appeal.',
  ],
  withdrawn: ['This post was withdrawn', 'Its site took it back, or is no member of the community any more.'],
} as const
