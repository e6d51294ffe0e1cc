import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Listeners } from './listeners.ts'

test('reports a listener that throws, and calls the other listeners', async () => {
  const listeners = new Listeners<number>()
  const seen: number[] = []
  listeners.add(() => {
    throw new Error('a listener failed')
  })
  const off = listeners.add((value) => seen.push(value))
  const warned = once(process, 'warning')
  listeners.call(1)
  off()
  listeners.call(2)
  assert.deepEqual(seen, [1])
  assert.match(String((await warned)[0]), /a listener failed/)
})

test('a listener that is added twice is called twice, and removed one by one', () => {
  const listeners = new Listeners<number>()
  const seen: number[] = []
  const listener = (value: number) => seen.push(value)
  const off = listeners.add(listener)
  listeners.add(listener)
  listeners.call(1)
  off()
  listeners.call(2)
  assert.deepEqual(seen, [1, 1, 2])
})
