import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Site } from '@peerpress/registry'
import { sourceFetch } from './source-fetch.ts'

const now = Date.UTC(2026, 0, 1)

/** Returns the pause after a response with this status and `Retry-After`. */
async function pauseAfter(status: number, header: string | null): Promise<unknown> {
  let isClosed = false
  const fetch = sourceFetch(
    {
      get: async () => ({
        status,
        url: new URL('https://a.example/feed'),
        header: () => header,
        read: async function* read() {},
        discard: () => {
          isClosed = true
        },
      }),
    },
    { site: {} as Site, signal: new AbortController().signal, now },
  )
  try {
    await fetch('https://a.example/feed')
    return 'no error'
  } catch (error) {
    assert.ok(isClosed)
    return (error as { retryAfter?: unknown }).retryAfter
  }
}

test('a site that requests a pause gets it, at most a day', async () => {
  assert.equal(await pauseAfter(429, '120'), 120_000)
  assert.equal(await pauseAfter(503, 'Thu, 01 Jan 2026 01:00:00 GMT'), 3_600_000)
  assert.equal(await pauseAfter(503, '99999999'), 86_400_000)
  for (const header of [null, 'soon', '-5', '0', 'Wed, 31 Dec 2025 00:00:00 GMT', '1'.repeat(1000)])
    assert.equal(await pauseAfter(503, header), null, String(header))
})

test('any other response belongs to the connector', async () => {
  for (const status of [200, 304, 404, 500]) assert.equal(await pauseAfter(status, '120'), 'no error')
})
