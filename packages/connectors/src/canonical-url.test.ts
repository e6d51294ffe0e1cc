import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postIdPattern } from '@peerpress/wire'
import { canonicalUrl, isUrlPost, postIdOf } from './canonical-url.ts'

const idOf = (text: string) => {
  const url = canonicalUrl(text)
  return url === null ? null : postIdOf(url)
}

test('spellings of one page have one id, which is a valid id of a post', () => {
  const id = idOf('https://a.example/posts/one/')
  assert.match(id ?? '', postIdPattern)
  assert.ok(isUrlPost(id ?? ''))
  for (const text of [
    'https://A.example:443/posts/one/',
    'https://a.example/posts/one/#comments',
    'https://a.example/posts/one/?utm_source=rss&utm_medium=feed',
    'https://a.example/posts/../posts/one/?fbclid=x',
    'https://a.example/posts/one',
    'https://a.example/posts/one.html',
    'https://a.example/posts/one/index.html',
    'http://a.example/posts/one/index.htm',
  ]) {
    assert.equal(idOf(text), id, text)
  }
})

test('an escaped character is the same character', () => {
  const id = idOf('https://a.example/gr\u00f6\u00dfe,1/')
  for (const path of ['/gr%C3%B6%C3%9Fe,1', '/gr%c3%b6%c3%9fe%2C1/', '/gro\u0308\u00dfe,1.html']) {
    assert.equal(idOf(`https://a.example${path}`), id, path)
  }
  assert.notEqual(idOf('https://a.example/%ff'), idOf('https://a.example/%fe'))
})

test('different pages have different ids, and their parameters stay as they are written', () => {
  const texts = [
    '/?p=1',
    '/?p=2',
    '/?p=1&q',
    '/?p=1&q=',
    '/one',
    '/two',
    '/One/',
    '/one/two',
    '/',
    '/oneindex',
    '/?a=%20',
    '/?a=+',
  ]
  const ids = new Set(texts.map((text) => idOf(`https://a.example${text}`)))
  assert.equal(ids.size, texts.length)
  assert.equal(canonicalUrl('https://a.example/?a=%7e&utm_id=1&b')?.href, 'https://a.example/?a=%7e&b')
})

test('a text that is no page has no URL', () => {
  for (const text of ['', 'javascript:1', '/one', 'https://u:p@a.example/', 'https://a;b/', 'https://a\0/']) {
    assert.equal(canonicalUrl(text), null, text)
  }
})

test('ids of a CMS are not taken for ids of URLs', () => {
  for (const id of ['1', '12345', 'u', 'url-1']) assert.equal(isUrlPost(id), false)
})
