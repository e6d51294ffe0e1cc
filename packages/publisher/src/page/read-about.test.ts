import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAbout } from './read-about.ts'

const url = 'https://blog.example/posts/1/'
const about = (html: string) => readAbout({ html: Buffer.from(html), url })

test('a page describes itself by its metadata', () => {
  const page = `<!doctype html><html lang="de-AT"><head><title>Title &amp; more</title>
<meta property="og:title" content="Bread &quot;at home&quot;"><meta name="description" content="How to bake.">
<meta property="og:locale" content="de_AT"><meta property="og:image" content="/bread.jpg">
<link rel="shortlink canonical" href="../1/?utm_source=x"><meta property="article:tag" content="Baking">
<meta name="keywords" content="bread, flour"></head><body><svg><title>Icon</title></svg></body></html>`
  assert.deepEqual(about(page), {
    title: 'Bread "at home"',
    description: 'How to bake.',
    language: 'de-AT',
    locale: 'de_AT',
    picture: 'https://blog.example/bread.jpg',
    canonical: 'https://blog.example/posts/1/?utm_source=x',
    topics: ['Baking', 'bread', ' flour'],
  })
})

test('the title element stands in for og:title, and the icon’s title does not', () => {
  const page = `<svg><title>Icon</title></svg><title>A &lt;b&gt;real&lt;/b&gt; title</title>`
  assert.equal(about(page).title, 'A <b>real</b> title')
})

test('a page without metadata says nothing', () => {
  const nothing = { title: null, description: null, language: null, locale: null }
  assert.deepEqual(about('<p>Hello'), { ...nothing, picture: null, canonical: null, topics: [] })
})

test('an address that is none is left out', () => {
  assert.equal(about('<meta property="og:image" content="https://[">').picture, null)
})

test('a page that browsers refuse to decode is refused', () => {
  const page = { html: Buffer.from('<title>x</title>'), charset: 'iso-2022-kr', url }
  assert.throws(() => readAbout(page), { code: 'unsupported-encoding' })
})
