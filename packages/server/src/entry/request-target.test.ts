import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHost, pathAndQuery } from './request-target.ts'

for (const [target, path] of [
  ['/', '/'],
  ['/v1/beacon?x=1', '/v1/beacon?x=1'],
  ['http://example.org/v1/beacon', '/v1/beacon'],
  ['HTTPS://example.org', '/'],
  ['http://example.org?x', '/?x'],
  ['*', null],
  ['', null],
  ['x', null],
  ['//', null],
  ['//[', null],
  ['//:0', null],
  ['///', null],
  ['//evil.example/assets', null],
  ['/\\evil.example/..', null],
  ['http://', null],
  ['http:///x', null],
  ['http://[/x', null],
  ['http://example.org//x', null],
  ['ftp://example.org/x', null],
] as const) {
  test(`the target ${JSON.stringify(target)} ${path === null ? 'is refused' : `is ${path}`}`, () => {
    assert.equal(pathAndQuery(target), path)
  })
}

for (const header of [undefined, '', 'example.org', '127.0.0.1:4600', '[::1]:80', 'xn--bcher-kva.example']) {
  test(`${JSON.stringify(header)} is a host`, () => assert.ok(isHost(header)))
}
for (const header of ['a b', 'a/b', 'a?b', 'u@b', 'a#', '[', ':x', 'a:99999', 'a\\b', 'a\u0000']) {
  test(`${JSON.stringify(header)} is no host`, () => assert.ok(!isHost(header)))
}
