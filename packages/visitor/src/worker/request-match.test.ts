import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAssistable, type MatchedRequest, withoutFragment } from './request-match.ts'

const origin = 'https://example.org'
const image: MatchedRequest = {
  method: 'GET',
  mode: 'no-cors',
  destination: 'image',
  cache: 'default',
  url: `${origin}/media/a.png`,
  headers: new Headers(),
}

test('peers may answer for pictures, films, sound and what scripts fetch', () => {
  for (const destination of ['image', 'video', 'audio', ''] as const) {
    assert.ok(isAssistable({ ...image, destination }, origin), destination)
  }
  assert.ok(isAssistable({ ...image, headers: new Headers({ Range: 'bytes=0-' }) }, origin))
})

test('peers never answer for documents, scripts, styles, frames or workers', () => {
  for (const destination of [
    'document',
    'script',
    'style',
    'iframe',
    'worker',
    'font',
    'manifest',
  ] as const) {
    assert.ok(!isAssistable({ ...image, destination }, origin), destination)
  }
  assert.ok(!isAssistable({ ...image, mode: 'navigate' }, origin))
})

test('peers answer for nothing but GET', () => {
  for (const method of ['POST', 'HEAD', 'PUT']) assert.ok(!isAssistable({ ...image, method }, origin), method)
})

test('other origins are not touched, even those whose name begins alike', () => {
  assert.ok(!isAssistable({ ...image, url: 'https://cdn.example.org/a.png' }, origin))
  assert.ok(!isAssistable({ ...image, url: `${origin}.evil.example/a.png` }, origin))
})

test('a request that wants more than the bytes goes to the origin', () => {
  for (const name of ['Authorization', 'If-None-Match', 'If-Modified-Since', 'If-Range']) {
    assert.ok(!isAssistable({ ...image, headers: new Headers({ [name]: 'x' }) }, origin), name)
  }
  for (const cache of ['no-store', 'reload', 'no-cache', 'only-if-cached'] as const) {
    assert.ok(!isAssistable({ ...image, cache }, origin), cache)
  }
})

test('a fragment does not count', () => {
  assert.equal(withoutFragment('https://example.org/a.svg#part'), 'https://example.org/a.svg')
})
