import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FirstLooks, type Look } from './first-looks.ts'

const page = { digest: 'a', media: ['https://a.example/1', 'https://a.example/2', 'https://a.example/3'] }
const looks: readonly Look[] = ['asset', 'no-store', 'gone']

test('another attempt of the same request reuses the results of the previous one', () => {
  const first = new FirstLooks()
  first.remember('s/1', page, { asked: 'x', looks })
  assert.deepEqual(first.of('s/1', { ...page, digest: 'b' }, 'x'), looks)
  assert.deepEqual(first.of('s/1', { digest: 'b', media: page.media.slice(1) }, 'x'), [])
  assert.deepEqual(first.of('s/2', page, 'x'), [])
})

test('another request for the same page reuses only lasting results, for an hour', () => {
  let now = 0
  const first = new FirstLooks(() => now)
  first.remember('s/1', page, { asked: undefined, looks })
  for (const asked of ['y', undefined])
    assert.deepEqual(first.of('s/1', page, asked), [null, 'no-store', null])
  assert.deepEqual(first.of('s/1', { ...page, digest: 'b' }, 'y'), [])
  now = 3_600_001
  assert.deepEqual(first.of('s/1', page, 'y'), [])
})

test('forgets the post that was published longest ago first', () => {
  const first = new FirstLooks()
  for (let post = 0; post <= 1000; post++) first.remember(`s/${post}`, page, { asked: 'x', looks })
  assert.deepEqual(first.of('s/0', page, 'x'), [])
  assert.deepEqual(first.of('s/1', page, 'x'), looks)
})
