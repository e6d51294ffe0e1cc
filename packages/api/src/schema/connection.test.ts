import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pageOf } from './connection.ts'

const letters = ['b', 'd', 'a', 'e', 'c']
const page = (args: Parameters<typeof pageOf>[1], items = letters) => pageOf(items, args, (letter) => letter)
const nodes = (args: Parameters<typeof pageOf>[1], items = letters) =>
  page(args, items)
    .edges.map(({ node }) => node)
    .join('')

test('pages follow each other by cursor, highest rank first, without overlap or gap', () => {
  const first = page({ first: 2 })
  assert.equal(nodes({ first: 2 }), 'ed')
  assert.deepEqual([first.pageInfo.hasPreviousPage, first.pageInfo.hasNextPage], [false, true])
  const second = { first: 2, after: first.pageInfo.endCursor }
  assert.equal(nodes(second), 'cb')
  const third = { first: 2, after: page(second).pageInfo.endCursor }
  assert.equal(nodes(third), 'a')
  assert.deepEqual([page(third).pageInfo.hasPreviousPage, page(third).pageInfo.hasNextPage], [true, false])
})

test('pages can be read backwards', () => {
  assert.equal(nodes({ last: 2 }), 'ba')
  assert.equal(nodes({ last: 2, before: page({ last: 2 }).pageInfo.startCursor }), 'dc')
})

test('a cursor stays valid when its item is removed', () => {
  const after = page({ first: 2 }).pageInfo.endCursor
  assert.equal(nodes({ first: 2, after }, ['a', 'b', 'c', 'e']), 'cb')
})

test('an empty list has no cursors', () => {
  assert.deepEqual(page({}, []), {
    edges: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
  })
})

test('sizes out of range, both directions and foreign cursors are refused', () => {
  for (const args of [
    { first: 0 },
    { first: 101 },
    { last: -1 },
    { first: 1, last: 1 },
    { after: '' },
    { before: 'ä' },
  ]) {
    assert.throws(() => page(args), { code: 'BAD_USER_INPUT' }, JSON.stringify(args))
  }
})
