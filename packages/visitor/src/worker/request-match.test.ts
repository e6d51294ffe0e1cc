import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  continuesPlayback,
  isFileNavigation,
  isMediaRequest,
  isSavedType,
  type MatchedRequest,
} from './request-match.ts'

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
    assert.ok(isMediaRequest({ ...image, destination }, origin), destination)
  }
  assert.ok(isMediaRequest({ ...image, headers: new Headers({ Range: 'bytes=0-' }) }, origin))
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
    assert.ok(!isMediaRequest({ ...image, destination }, origin), destination)
  }
  assert.ok(!isMediaRequest({ ...image, mode: 'navigate' }, origin))
})

test('peers answer for nothing but GET', () => {
  for (const method of ['POST', 'HEAD', 'PUT'])
    assert.ok(!isMediaRequest({ ...image, method }, origin), method)
})

test('other origins are not touched, even those whose name begins alike', () => {
  assert.ok(!isMediaRequest({ ...image, url: 'https://cdn.example.org/a.png' }, origin))
  assert.ok(!isMediaRequest({ ...image, url: `${origin}.evil.example/a.png` }, origin))
})

test('a request that wants more than the bytes goes to the origin', () => {
  for (const name of ['Authorization', 'If-None-Match', 'If-Modified-Since', 'If-Range']) {
    assert.ok(!isMediaRequest({ ...image, headers: new Headers({ [name]: 'x' }) }, origin), name)
  }
  for (const cache of ['no-store', 'reload', 'no-cache', 'only-if-cached'] as const) {
    assert.ok(!isMediaRequest({ ...image, cache }, origin), cache)
  }
})

test('of navigations peers may answer those to a file, and nothing else', () => {
  const click: MatchedRequest = {
    ...image,
    mode: 'navigate',
    destination: 'document',
    url: `${origin}/files/a.zip`,
  }
  assert.ok(isFileNavigation(click, origin))
  assert.ok(!isFileNavigation({ ...click, url: `${origin}/post/` }, origin))
  assert.ok(!isFileNavigation({ ...click, url: `${origin}/` }, origin))
  assert.ok(!isFileNavigation({ ...click, url: `${origin}/?download=a.zip` }, origin))
  assert.ok(!isFileNavigation({ ...click, method: 'POST' }, origin))
  assert.ok(!isFileNavigation({ ...click, mode: 'no-cors' }, origin))
})

test('a file that the browser would show is left to the origin', () => {
  for (const type of [
    'application/zip',
    'application/octet-stream',
    'application/epub+zip',
    'application/msword',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/postscript',
    'binary/octet-stream',
  ]) {
    assert.ok(isSavedType(type), type)
  }
  for (const type of [
    'text/html',
    'image/png',
    'application/pdf',
    'application/xhtml+xml',
    'application/xml',
    'application/rss+xml',
    'application/javascript',
    'application/x-ecmascript',
    'application/json',
  ]) {
    assert.ok(!isSavedType(type), type)
  }
})

test('a player that asks for anything but the beginning goes on with what it has', () => {
  const asks = (destination: RequestDestination, range?: string) =>
    continuesPlayback({ destination, headers: new Headers(range === undefined ? {} : { Range: range }) })
  for (const destination of ['video', 'audio'] as const) {
    for (const range of ['bytes=1-', 'bytes=100-200', 'bytes=-500']) {
      assert.ok(asks(destination, range), range)
    }
    for (const range of [undefined, 'bytes=0-', 'bytes=0-99', 'bytes=00-']) {
      assert.ok(!asks(destination, range), range)
    }
  }
  assert.ok(!asks('image', 'bytes=100-'))
  assert.ok(!asks('', 'bytes=100-'))
})
