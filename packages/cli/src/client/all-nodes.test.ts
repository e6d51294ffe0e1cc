import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allNodes } from './all-nodes.ts'

test('all pages of a connection are read, each after the last cursor of the one before', async () => {
  const asked: (string | null)[] = []
  const pages = [
    { edges: [{ node: 1 }, { node: 2 }], pageInfo: { hasNextPage: true, endCursor: 'two' } },
    { edges: [], pageInfo: { hasNextPage: true, endCursor: 'none' } },
    { edges: [{ node: 3 }], pageInfo: { hasNextPage: false, endCursor: 'three' } },
  ]
  const nodes = allNodes<number>(async (after) => {
    asked.push(after)
    return pages[asked.length - 1] ?? assert.fail('a page after the last one')
  })
  assert.deepEqual(await Array.fromAsync(nodes), [1, 2, 3])
  assert.deepEqual(asked, [null, 'two', 'none'])
})
