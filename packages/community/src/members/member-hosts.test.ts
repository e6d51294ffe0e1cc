import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommunityErrorCode } from '../community-error.ts'
import { domainOf, memberHosts } from './member-hosts.ts'

test('a member site is a registrable domain, or a host below it', () => {
  const cases = [
    ['https://example.com/', 'example.com', 'example.com'],
    ['https://www.example.co.uk/blog/', 'example.co.uk', 'www.example.co.uk'],
    ['https://bob.github.io/', 'bob.github.io', 'bob.github.io'],
    ['https://bob.wordpress.com/', 'wordpress.com', 'bob.wordpress.com'],
    ['https://Bücher.example.org:8443/', 'example.org', 'xn--bcher-kva.example.org'],
  ] as const
  for (const [url, domain, host] of cases) assert.deepEqual(memberHosts(url, false), { domain, host })
  assert.equal(domainOf('a.b.example.co.uk'), 'example.co.uk')
  assert.equal(domainOf('bob.github.io'), 'bob.github.io')
})

test('an address, a bare suffix and a private name are refused', () => {
  const refused = (url: string, allowsPrivate: boolean, code: CommunityErrorCode) =>
    assert.throws(() => memberHosts(url, allowsPrivate), { code }, url)
  refused('http://127.0.0.1:4600/', true, 'not-a-domain')
  refused('http://[::1]/', true, 'not-a-domain')
  refused('https://github.io/', false, 'not-a-domain')
  refused('http://intranet/', true, 'not-a-domain')
  refused('http://blog.localhost/', false, 'private-domain')
  refused('http://blog.corp/', false, 'private-domain')
  assert.equal(memberHosts('http://blog.localhost:81/', true).domain, 'blog.localhost')
})
