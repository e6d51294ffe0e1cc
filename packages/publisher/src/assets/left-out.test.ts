import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maxListedLeftOut, summarizeLeftOut } from './left-out.ts'

test('the list of left-out media is bounded, the counts are complete', () => {
  const gone = Array.from(
    { length: 300 },
    (_, index) => ({ url: `https://a.example/${index}`, reason: 'gone' }) as const,
  )
  const { leftOut, leftOutCounts } = summarizeLeftOut([
    ...gone,
    { url: 'https://a.example/t', reason: 'type' },
  ])
  assert.deepEqual(leftOut, gone.slice(0, maxListedLeftOut))
  assert.deepEqual(leftOutCounts, { gone: 300, type: 1 })
})
