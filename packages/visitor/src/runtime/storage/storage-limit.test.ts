import assert from 'node:assert/strict'
import { test } from 'node:test'
import { storageLimit } from './storage-limit.ts'

const estimates = (quota: number) => ({ storage: { estimate: () => Promise.resolve({ quota }) } })

test('is 200 MB, also where the browser tells nothing of itself', async () => {
  assert.equal(await storageLimit({ deviceMemory: 8, ...estimates(1e11) }), 200_000_000)
  assert.equal(await storageLimit({}), 200_000_000)
  const refuses = { estimate: () => Promise.reject(new Error('not here')) }
  assert.equal(await storageLimit({ storage: refuses }), 200_000_000)
})

test('is 50 MB on a device with little memory or little disk', async () => {
  assert.equal(await storageLimit({ deviceMemory: 2, ...estimates(1e11) }), 50_000_000)
  assert.equal(await storageLimit({ deviceMemory: 8, ...estimates(1e9) }), 50_000_000)
})
