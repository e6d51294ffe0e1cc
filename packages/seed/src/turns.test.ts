import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Turns } from './turns.ts'

test('lets so many run at a time, the others in the order they came', async () => {
  const turns = new Turns(2)
  const begun: number[] = []
  const ends = Array.from({ length: 4 }, async (_, i) => {
    const done = await turns.take()
    begun.push(i)
    return done
  })
  const [first] = await Promise.all(ends.slice(0, 2))
  assert.deepEqual(begun, [0, 1])
  first?.()
  const third = await ends[2]
  assert.deepEqual(begun, [0, 1, 2])
  third?.()
  await ends[3]
  assert.deepEqual(begun, [0, 1, 2, 3])
})
