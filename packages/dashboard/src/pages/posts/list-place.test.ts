import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatListPlace, type ListPlace, parseListPlace } from './list-place.ts'

const first: ListPlace = {
  search: '',
  order: 'PUBLISHED',
  direction: 'DESC',
  after: null,
  before: null,
  at: null,
}

const again = (place: ListPlace) => parseListPlace(new URLSearchParams(formatListPlace('month', place)))

test('a place in the list of posts is the same after writing and parsing its address', () => {
  const places: ListPlace[] = [
    first,
    { ...first, search: 'tulips & co', order: 'TITLE', before: 'x' },
    { ...first, order: 'SPEED_LCP', direction: 'ASC', after: 'y', at: 1_700_000_000_000 },
  ]
  for (const place of places) assert.deepEqual(again(place), place)
})

test('an order that does not exist is that of publication, and a metric has no page before', () => {
  const parse = (query: string) => parseListPlace(new URLSearchParams(query))
  assert.deepEqual(parse('order=SHOE_SIZE&direction=UP&at=1700000000000'), first)
  assert.equal(parse('order=VIEWS&before=x').before, null)
  assert.equal(parse('order=VIEWS&after=x&at=soon').at, null)
})
