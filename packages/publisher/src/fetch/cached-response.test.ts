import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isFromCache, withoutUniqueQuery, withUniqueQuery } from './cached-response.ts'

describe('a response', () => {
  for (const [name, value, expected] of [
    ['age', '120', true],
    ['age', '0', false],
    ['cache-status', 'ExampleCache; hit; ttl=300', true],
    ['cache-status', 'ExampleCache; fwd=stale; stored', false],
    ['cf-cache-status', 'HIT', true],
    ['cf-cache-status', 'STALE', true],
    ['cf-cache-status', 'DYNAMIC', false],
    ['cf-cache-status', 'BYPASS', false],
    ['x-cache', 'Hit from cloudfront', true],
    ['x-cache', 'RefreshHit from cloudfront', true],
    ['x-cache', 'Miss from cloudfront', false],
    ['x-cache', 'TCP_MEM_HIT from a23', true],
    ['x-cache', 'MISS, HIT', true],
    ['x-cache-hits', '0, 3', true],
    ['x-cache-hits', '0, 0', false],
    ['x-varnish', '123456 98765', true],
    ['x-varnish', '123456', false],
    ['x-litespeed-cache', 'hit', true],
    ['x-litespeed-cache', 'miss', false],
    ['x-kinsta-cache', 'HIT', true],
    ['x-rocket-nginx-serving-static', 'Yes', true],
    ['server', 'hit', false],
  ] as const) {
    test(`is ${expected ? 'a' : 'no'} cache's with ${name}: ${value}`, () => {
      assert.equal(
        isFromCache((asked) => (asked === name ? value : null)),
        expected,
      )
    })
  }

  test('gets a URL that no cache has seen, and is recorded under the original URL', () => {
    for (const url of [
      'https://blog.example/post/',
      'https://blog.example/?p=12',
      'https://blog.example/?q=a%20b+c&d',
    ]) {
      const look = withUniqueQuery(url, '0123abcd')
      assert.match(look, /[?&]peerpress-look=0123abcd$/)
      assert.equal(withoutUniqueQuery(new URL(look)).href, url)
      assert.equal(
        withoutUniqueQuery(new URL(`${look}&utm=x`)).href,
        `${url}${url.includes('?') ? '&' : '?'}utm=x`,
      )
    }
  })
})
