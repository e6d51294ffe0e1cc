import type { FeedEntry, MemberLabel } from './feed-entry.ts'
import { framePage } from './frame.ts'
import { markup, jsonLd, type Html } from './html.ts'
import { memberPath } from './paths.ts'
import { postItem, timeOf } from './post-item.ts'

/** A member site as everybody may see it. */
export interface MemberView {
  readonly label: MemberLabel
  /** Its registrable domain. */
  readonly domain: string
  readonly method: string
  readonly joinedAt: Date
  readonly provenAt: Date
  /** `T`: 0 until 14 days and 100 human views, then 0.5, and 1 after 90 days. */
  readonly trust: number
  readonly isBanned: boolean
  /** Its latest posts. */
  readonly entries: readonly FeedEntry[]
}

/** Renders the page of a member site. */
export function renderMember({ label, ...view }: MemberView, origin: string): string {
  const { domain, method, joinedAt, provenAt, trust, isBanned, entries } = view
  const { member, shown } = label
  const description = `${shown.text} is a proven member site of this community since ${joinedAt.toISOString().slice(0, 10)}.`
  return framePage({
    title: shown.text,
    description,
    origin,
    path: memberPath(member),
    isIndexed: !isBanned,
    data: jsonLd({
      '@context': 'https://schema.org',
      '@type': 'ProfilePage',
      dateCreated: joinedAt.toISOString(),
      mainEntity: { '@type': 'Organization', name: shown.text, url: `https://${member}/` },
    }),
    main: markup`<h1>${shown.text}</h1>
      ${warnings(label)}
      <section class="panel" aria-labelledby="standing">
        <h2 id="standing">Standing</h2>
        ${isBanned && markup`<p class="note">The operator of this server banned this site. Its votes count nothing.</p>`}
        <dl>
          <dt>Site</dt>
          <dd><a href="https://${member}/" rel="noopener nofollow ugc">${shown.text}</a></dd>
          ${
            member !== domain &&
            markup`<dt>Domain</dt>
              <dd>${domain}; only the name below it is proven</dd>`
          }
          <dt>Member since</dt>
          <dd>${timeOf(joinedAt)}</dd>
          <dt>Proven last</dt>
          <dd>${timeOf(provenAt)}, ${method === 'file' ? 'by a signed file' : 'by its plugin'}</dd>
          <dt>T, weight of its votes</dt>
          <dd>${trust.toLocaleString('en')}</dd>
        </dl>
        <p class="quiet">
          T is 0 until a site is a member for 14 days and had 100 measured human views, then 0.5, and 1 after
          90 days. Each vote weighs T divided by how often the site voted like the earlier voters of the post.
        </p>
      </section>
      <h2 class="more">Shared posts</h2>
      ${
        entries.length === 0
          ? markup`<p class="panel">This site shared nothing that is shown now.</p>`
          : markup`<ol class="posts">
              ${entries.map(postItem)}
            </ol>`
      }`,
  })
}

function warnings({ shown, lookAlikes }: MemberLabel): Html {
  return markup`${
    shown.isPunycode &&
    markup`<p class="note">
      This host is shown in punycode, because its letters could be mistaken for others.
    </p>`
  }${
    lookAlikes.length > 0 &&
    markup`<p class="note">
      This host looks like ${lookAlikes.slice(0, 5).join(', ')}. These are different member sites.
    </p>`
  }`
}
