import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { isSecureOrigin, originOf } from './request-origin.ts'

const from = (origin: string | undefined, host = 'reports.example') =>
  ({ headers: { ...(origin !== undefined && { origin }), host } }) as unknown as IncomingMessage

test('the page of a request is own by the host it was sent to, or by the public address behind a proxy', () => {
  for (const [origin, host, publicUrl, expected] of [
    ['https://reports.example', 'reports.example', undefined, 'own'],
    ['https://reports.example', 'reports.example:443', undefined, 'own'],
    ['http://reports.example:4600', 'reports.example:4600', undefined, 'own'],
    ['https://reports.example', '10.0.0.7:4600', 'https://reports.example', 'own'],
    ['https://reports.example', '10.0.0.7:4600', undefined, 'foreign'],
    ['https://evil.example', 'reports.example', 'https://reports.example', 'foreign'],
    ['https://reports.example.evil.example', 'reports.example', undefined, 'foreign'],
    ['https://reports.example:8443', 'reports.example', undefined, 'foreign'],
    ['null', 'reports.example', undefined, 'foreign'],
    ['file://', 'reports.example', undefined, 'foreign'],
    ['https://', '', undefined, 'foreign'],
    ['', 'reports.example', undefined, 'foreign'],
    [undefined, 'reports.example', undefined, 'absent'],
  ] as const) {
    assert.equal(originOf(from(origin, host), publicUrl), expected, `${origin} ${host} ${publicUrl}`)
  }
})

test('an origin is secure by TLS, or on this machine', () => {
  for (const [origin, isSecure] of [
    ['https://reports.example', true],
    ['http://localhost:4600', true],
    ['http://a.localhost', true],
    ['http://127.0.0.1:4600', true],
    ['http://[::1]:4600', true],
    ['http://reports.example', false],
    ['http://localhost.example', false],
    ['http://127.evil.example', false],
    ['http://10.0.0.7', false],
    ['null', false],
    [undefined, false],
  ] as const) {
    assert.equal(isSecureOrigin(from(origin)), isSecure, origin)
  }
})
