import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pageConfigElementId } from '@peerpress/wire'
import { offerElementId } from './page-offer.ts'
import { readPage } from './read-page.ts'

function offerOf(html: string) {
  return readPage({ html: Buffer.from(html), url: 'https://blog.example/', origins: [], maxMedia: 10 }).offer
}
const element = (text: string) =>
  `<p>x</p><script type="application/json" id="${pageConfigElementId}">${text}</script><p>`
const offer = { site: 'aaaaaaaaaaaaaaaa', post: '12', mode: 'full' }

describe('the offer of a page', () => {
  test('is in the element that the loader reads', () => assert.equal(offerElementId, pageConfigElementId))

  test('is read regardless of other fields', () => {
    assert.deepEqual(offerOf(element(JSON.stringify({ ...offer, newer: { field: 1 } }))), offer)
    assert.deepEqual(offerOf(element(JSON.stringify({ ...offer, post: null }))), { ...offer, post: null })
  })

  test('is read as release 0.1 wrote it', () => {
    const path = join(import.meta.dirname, '../../../../test/fixtures/0.1/page-configs.json')
    const pages = JSON.parse(readFileSync(path, 'utf8')) as { text: string }[]
    assert.ok(pages.length > 0)
    for (const { text } of pages) {
      const { site, post, mode } = JSON.parse(text) as typeof offer
      assert.deepEqual(offerOf(element(text)), { site, post, mode })
    }
  })

  test('is that of the first matching element', () => {
    const second = element(JSON.stringify({ ...offer, post: '13' }))
    assert.equal(offerOf(element(JSON.stringify(offer)) + second)?.post, '12')
  })

  for (const [what, html] of [
    ['a page without it', '<p>words'],
    ['no JSON', element('{"site":')],
    ['no object', element('null')],
    ['no site', element(JSON.stringify({ ...offer, site: 1 }))],
    ['no mode', element(JSON.stringify({ site: offer.site, post: '12' }))],
    ['another element', `<div id="${pageConfigElementId}">${JSON.stringify(offer)}</div>`],
    ['a comment', `<!--${element(JSON.stringify(offer))}-->`],
    ['one without end, at the end', `<script id="${pageConfigElementId}">`],
    [
      'one that is longer than the loader takes',
      element(JSON.stringify({ ...offer, more: 'x'.repeat(20_000) })),
    ],
  ] as const) {
    test(`is null for ${what}`, () => assert.equal(offerOf(html), null))
  }
})
