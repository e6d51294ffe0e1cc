import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MediaResults, type MediaResult } from './media-results.ts'

const page = { digest: 'a', media: ['https://a.example/1', 'https://a.example/2', 'https://a.example/3'] }
const results: readonly MediaResult[] = ['asset', 'no-store', 'gone']

test('another attempt of the same request reuses the results of the previous one', () => {
  const first = new MediaResults()
  first.remember('s/1', page, { asked: 'x', results })
  assert.deepEqual(first.resultsOf('s/1', { ...page, digest: 'b' }, 'x'), results)
  assert.deepEqual(first.resultsOf('s/1', { digest: 'b', media: page.media.slice(1) }, 'x'), [])
  assert.deepEqual(first.resultsOf('s/2', page, 'x'), [])
})

test('another request for the same page reuses only lasting results, for an hour', () => {
  let now = 0
  const first = new MediaResults(() => now)
  first.remember('s/1', page, { asked: undefined, results })
  for (const asked of ['y', undefined])
    assert.deepEqual(first.resultsOf('s/1', page, asked), [null, 'no-store', null])
  assert.deepEqual(first.resultsOf('s/1', { ...page, digest: 'b' }, 'y'), [])
  now = 3_600_001
  assert.deepEqual(first.resultsOf('s/1', page, 'y'), [])
})

test('forgets the post that was published longest ago first', () => {
  const first = new MediaResults()
  for (let post = 0; post <= 1000; post++) first.remember(`s/${post}`, page, { asked: 'x', results })
  assert.deepEqual(first.resultsOf('s/0', page, 'x'), [])
  assert.deepEqual(first.resultsOf('s/1', page, 'x'), results)
})
