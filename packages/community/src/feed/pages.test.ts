import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEntry } from './feed-entry.ts'
import { markup, jsonLd } from './html.ts'
import { renderList } from './list-page.ts'
import { renderMember } from './member-page.ts'
import { hotView } from './paths.ts'
import { renderAbsence, renderPost } from './post-page.ts'
import { renderJsonFeed, renderRss } from './syndication.ts'
import { pagePolicy } from './style.ts'

const origin = 'https://community.example'
const hostile = `"><script>alert(1)</script>'&<!--]]></title>`
const score = {
  upWeight: 2.5,
  downWeight: 0.5,
  upVotes: 3,
  downVotes: 1,
  quality: 0.61,
  mean: 0.8,
  factor: 1.1,
  hours: 96,
  hot: 2.75,
}
const entry = (given: Partial<FeedEntry['post']> = {}): FeedEntry => ({
  post: {
    id: 'a'.repeat(16),
    site: 's'.repeat(16),
    post: '1',
    member: 'blog.example',
    url: 'https://blog.example/post/?a=1&b=2',
    title: 'Bread at home',
    summary: 'How to bake.',
    language: 'de',
    region: 'AT',
    topics: ['bread'],
    picture: 'f'.repeat(64),
    sharedAt: new Date('2026-05-01T12:00:00Z'),
    isPublic: true,
    ...given,
  },
  label: { member: 'blog.example', shown: { text: 'blog.example', isPunycode: false }, lookAlikes: [] },
  score,
})
const member = (given: object = {}) => ({
  label: { member: 'blog.example', shown: { text: 'blog.example', isPunycode: false }, lookAlikes: [] },
  domain: 'blog.example',
  method: 'plugin',
  joinedAt: new Date('2026-04-01T00:00:00Z'),
  provenAt: new Date('2026-04-24T00:00:00Z'),
  trust: 0.5,
  isBanned: false,
  entries: [],
  ...given,
})

test('no foreign text is markup on any page, in any attribute, or in structured data', async () => {
  const bad = entry({ title: hostile, summary: hostile, topics: [hostile] })
  const pages = [
    renderList({ view: hotView, origin, entries: [bad], after: null, next: null }),
    renderPost(bad, origin),
    renderMember(member({ entries: [bad] }), origin),
  ]
  for (const page of pages) {
    assert.ok(!page.includes('<script>alert'), page)
    assert.ok(!page.includes('<!--'), page)
    // The only scripts are blocks of structured data, which end where they should.
    const blocks = [...page.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)]
    assert.deepEqual(
      blocks.map(([, attributes]) => attributes),
      [' type="application/ld+json"'],
    )
    assert.doesNotThrow(() => JSON.parse(blocks[0]?.[2] ?? ''))
    assert.ok(!/<[^>]* on[a-z]+=/i.test(page.replace(/<script.*?<\/script>/gs, '')))
  }
  const rss = await renderRss({ view: hotView, origin, entries: [bad] })
  assert.ok(!rss.replace(/<!\[CDATA\[.*?\]\]>/gs, '').includes('<script'))
  const json = JSON.parse(await renderJsonFeed({ view: hotView, origin, entries: [bad] }))
  assert.equal(json.items[0].title, hostile)
})

test('a template escapes what it is given', () => {
  assert.equal(
    markup`<a title="${'"<&>\''}">${['<', markup`<b>x</b>`, null, false, 3]}</a>`.text,
    `<a title="&quot;&lt;&amp;&gt;&#39;">&lt;<b>x</b>3</a>`,
  )
  assert.equal(
    jsonLd({ a: '</script>' }).text,
    String.raw`<script type="application/ld+json">{"a":"\u003c/script>"}</script>`,
  )
})

test('a list can be read without JavaScript, by search engines too, and names its next page', () => {
  const page = renderList({ view: hotView, origin, entries: [entry()], after: 'x=', next: 'y/' })
  for (const part of [
    '<title>Hot posts, continued · PeerPress community</title>',
    '<link rel="canonical" href="https://community.example/community?after=x%3D">',
    '<link rel="next" href="https://community.example/community?after=y%2F">',
    '<a href="https://blog.example/post/?a=1&amp;b=2" rel="noopener nofollow ugc">Bread at home</a>',
    '<article lang="de" dir="auto">',
    '<a href="/community/language/de">German</a>',
    '<a href="/community/region/AT">Austria</a>',
    'src="/v1/mirror/ffff',
    '<a href="/community" aria-current="page">Hot</a>',
    '3 upvotes, 1 downvote',
  ]) {
    assert.ok(page.includes(part), part)
  }
  assert.ok(!page.includes('style='))
  assert.match(pagePolicy, /^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self'/)
})

test('an empty list and an absent post are not indexed', () => {
  assert.match(
    renderList({ view: hotView, origin, entries: [], after: null, next: null }),
    /content="noindex"/,
  )
  for (const state of ['unknown', 'hidden', 'withdrawn'] as const) {
    assert.match(renderAbsence(origin, state), /content="noindex"/)
  }
})

test('the page of a post shows the numbers of its place', () => {
  const page = renderPost(entry(), origin)
  for (const part of ['<strong>2.750</strong>', '2.500', '0.610', '1.100', '96.0', 'Why is this here?']) {
    assert.ok(page.includes(part), part)
  }
})

test('a host that could be mistaken is shown in punycode, and the page says so', () => {
  const label = {
    member: 'xn--80ak6aa92e.com',
    shown: { text: 'xn--80ak6aa92e.com', isPunycode: true },
    lookAlikes: ['apple.com'],
  }
  const page = renderMember(member({ label, domain: label.member }), origin)
  assert.match(page, /shown in punycode/)
  assert.match(page, /looks like apple\.com/)
  assert.match(renderMember(member({ domain: 'example' }), origin), /only the name below it is proven/)
  assert.match(renderMember(member({ isBanned: true }), origin), /banned this site/)
})

test('RSS and JSON Feed name the same posts', async () => {
  const feeds = { view: { order: 'new', language: 'de', region: null }, origin, entries: [entry()] } as const
  const rss = await renderRss(feeds)
  assert.match(rss, /https:\/\/blog\.example\/post\/\?a=1&b=2/)
  assert.match(rss, /feed\.xml\?order=new&(?:amp;)?language=de/)
  const json = JSON.parse(await renderJsonFeed(feeds))
  assert.equal(json.version, 'https://jsonfeed.org/version/1.1')
  assert.equal(json.items[0].external_url, 'https://blog.example/post/?a=1&b=2')
  assert.equal(json.items[0].image, `${origin}/v1/mirror/${'f'.repeat(64)}`)
})
