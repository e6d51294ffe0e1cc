import assert from 'node:assert/strict'
import { totalmem } from 'node:os'
import { test } from 'node:test'
import { engineMemory } from './engine-memory.ts'

test('the engine gets a quarter of the memory, 1 GiB at least and 16 at most', () => {
  const gibibyte = 1024 ** 3
  assert.deepEqual(
    [1, 8, 24, 1024].map((gibibytes) => engineMemory(gibibytes * gibibyte) / gibibyte),
    [1, 2, 6, 16],
  )
  assert.ok(engineMemory() <= Math.max(gibibyte, totalmem() / 4))
})
