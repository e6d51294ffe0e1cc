import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Asset } from '@peerpress/wire'
import { HttpSources } from './http-sources.ts'

const asset = { id: 'a1', url: 'https://site.test/film.mp4' } as Asset
const mirrors = ['https://first.test/', 'https://second.test/copies/']
const origin = asset.url
const [first, second] = ['https://first.test/a1', 'https://second.test/copies/a1'] as const

function asked(
  sources: HttpSources,
  now: number,
  order: 'origin-first' | 'mirrors-first' | 'mirrors-alone',
): string[] {
  return sources.inOrder(asset, { mirrors, order, now }).map(({ url }) => url)
}

test('uses the origin first, or last if it is down, and the mirrors in their order', () => {
  const sources = new HttpSources()
  assert.deepEqual(asked(sources, 0, 'origin-first'), [origin, first, second])
  assert.deepEqual(asked(sources, 0, 'mirrors-first'), [first, second, origin])
  assert.deepEqual(asked(sources, 0, 'mirrors-alone'), [first, second])
})

test('uses a failed server after all others for half a minute', () => {
  const sources = new HttpSources()
  const [failed] = sources.inOrder(asset, { mirrors, order: 'origin-first', now: 1000 })
  assert.ok(failed)
  sources.failed(failed, 1000)
  assert.deepEqual(asked(sources, 1000, 'origin-first'), [first, second, origin])
  assert.deepEqual(asked(sources, 30_999, 'origin-first'), [first, second, origin])
  assert.deepEqual(asked(sources, 31_000, 'origin-first'), [origin, first, second])
})

test('uses all servers in their order if all of them failed', () => {
  const sources = new HttpSources()
  for (const source of sources.inOrder(asset, { mirrors, order: 'origin-first', now: 0 }))
    sources.failed(source, 0)
  assert.deepEqual(asked(sources, 1, 'origin-first'), [origin, first, second])
})
