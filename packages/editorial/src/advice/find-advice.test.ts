import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PageText, PageTextContent } from '@peerpress/registry'
import { shownSize, shownWidth, textWidth } from '../width/text-width.ts'
import { findAdvice } from './find-advice.ts'

const text =
  'Rye bread needs a long rest in the cold, because its flour takes up water slowly. Then it is baked until the crust is dark.'

const page = (post: string, content: Partial<PageTextContent> | null): PageText => ({
  site: 'aaaaaaaaaaaaaaaa',
  post,
  version: 1,
  url: `https://blog.example/${post}`,
  fetchedAt: new Date(0),
  failure: content === null ? 'no answer' : null,
  content: content && {
    title: `Title ${post}`,
    description: `Description of post ${post}.`,
    headline: `Headline ${post}`,
    language: 'en',
    sections: [{ heading: null, text }],
    ...content,
  },
})
const kindsOf = (...pages: PageText[]) => findAdvice(pages).map(({ post, kind }) => [post, kind])

test('a page with a title and a description of its own that fit gets no advice, nor does one that was not read', () => {
  assert.deepEqual(kindsOf(page('1', {}), page('2', null)), [])
})

test('a missing title is proposed from the headline, unless another page has it already', () => {
  const [advice] = findAdvice([page('1', { title: null })])
  assert.deepEqual([advice?.kind, advice?.proposal, advice?.pixels], ['title-missing', 'Headline 1', 0])
  const [taken] = findAdvice([page('1', { title: null }), page('2', { title: 'headline  1' })])
  assert.equal(taken?.proposal, null)
})

test('texts that differ in case and spaces only are duplicates of each other', () => {
  const found = findAdvice([
    page('1', { title: 'Rye  Bread' }),
    page('2', { title: 'rye bread' }),
    page('3', {}),
  ])
  assert.deepEqual(
    found.map(({ post, kind, sameAs, proposal }) => [post, kind, sameAs, proposal]),
    [
      ['1', 'title-duplicate', ['2'], 'Headline 1'],
      ['2', 'title-duplicate', ['1'], 'Headline 2'],
    ],
  )
})

test('a title that is cut off loses the name of its site, and nothing is proposed if that does not help', () => {
  const bare = 'How to bake a rye bread with a dark crust at home'
  const long = `${bare} | The bakery at the corner of the market`
  const [advice] = findAdvice([page('1', { title: long })])
  assert.equal(advice?.kind, 'title-truncated')
  assert.equal(advice?.proposal, bare)
  assert.ok((advice?.pixels ?? 0) > shownWidth.title)
  const [none] = findAdvice([page('1', { title: 'Rye '.repeat(40).trim(), headline: null })])
  assert.equal(none?.proposal, null)
})

test('a description is proposed from whole sentences that are shown whole, without markup', () => {
  const [advice] = findAdvice([page('1', { description: null })])
  assert.equal(advice?.kind, 'description-missing')
  assert.equal(advice?.proposal, text)
  const [cut] = findAdvice([page('1', { description: `${text} ${text} ${text}` })])
  assert.equal(cut?.kind, 'description-truncated')
  const width = textWidth(cut?.proposal ?? '', shownSize.description)
  assert.ok(width > 300 && width <= shownWidth.description)
  for (const sections of [
    [],
    [{ heading: null, text: 'Short.' }],
    [{ heading: null, text: `<b>${text}</b>` }],
  ]) {
    assert.equal(findAdvice([page('1', { description: null, sections })])[0]?.proposal, null)
  }
  const endless = [{ heading: null, text: 'a'.repeat(1_000_000) }]
  assert.equal(findAdvice([page('1', { description: null, sections: endless })])[0]?.proposal, null)
})
