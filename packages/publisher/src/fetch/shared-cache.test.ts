import assert from 'node:assert/strict'
import { test } from 'node:test'
import { privateReason } from './shared-cache.ts'

const reasonFor = (headers: Readonly<Record<string, string>>) =>
  privateReason((name) => headers[name] ?? null)

test('a response that shared caches may store may be shared', () => {
  for (const headers of [
    {},
    { 'cache-control': 'public, max-age=31536000, immutable' },
    { 'cache-control': 'no-cache, must-revalidate, x-private-note=1' },
    { vary: 'Accept-Encoding, ORIGIN' },
    { vary: 'Access-Control-Request-Headers,Access-Control-Request-Method' },
  ])
    assert.equal(reasonFor(headers), null)
})

test('a response for one reader, or that no cache may store, may not be shared', () => {
  assert.equal(reasonFor({ 'cache-control': 'no-store, no-cache, must-revalidate' }), 'no-store')
  assert.equal(reasonFor({ 'cache-control': 'max-age=60,No-Store' }), 'no-store')
  assert.equal(reasonFor({ 'cache-control': 'private, max-age=600' }), 'private')
  assert.equal(reasonFor({ 'cache-control': 'max-age=1, private="set-cookie"' }), 'private')
  assert.equal(reasonFor({ 'set-cookie': 'captcha=1; Path=/' }), 'set-cookie')
})

test("a response that varies with a reader's headers may not be shared", () => {
  for (const vary of ['Accept', 'Accept-Encoding, User-Agent', 'Cookie', '*', 'Accept-Encoding, *'])
    assert.equal(reasonFor({ vary }), 'vary')
})
