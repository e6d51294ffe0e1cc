import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { startTracker } from './tracker.testing.ts'

test('closes every connection as going away, and sends no `left` messages', async (t) => {
  const on = await startTracker(t)
  const peers = [await on.join(), await on.join(), await on.join(), await on.connect()]
  for (const peer of peers.slice(0, 3)) await peer.settle()
  await on.tracker.close()
  for (const peer of peers) {
    assert.equal(await peer.closeCode(), 1001)
    assert.deepEqual(await peer.rest(), [])
  }
  assert.equal(on.tracker.counts().disconnected, 4)
})

test('cuts off a reader that does not answer the close', { timeout: 20_000 }, async (t) => {
  const on = await startTracker(t)
  const notReading = await on.join()
  notReading.socket.pause()
  await on.tracker.close()
  assert.equal(on.tracker.counts().disconnected, 1)
})

test('answers newcomers with 503 once it is closed', async (t) => {
  const on = await startTracker(t)
  await on.tracker.close()
  const socket = new WebSocket(`ws://127.0.0.1:${on.port}/`)
  const [error] = (await once(socket, 'error', { signal: AbortSignal.timeout(30_000) })) as [Error]
  assert.match(error.message, /503/)
})

test('can be closed twice, and without having had a reader', async (t) => {
  const on = await startTracker(t)
  await Promise.all([on.tracker.close(), on.tracker.close()])
  assert.equal(on.tracker.counts().connected, 0)
})

test('accepts readers with their earlier tickets after a restart with the same key', async (t) => {
  const before = await startTracker(t)
  const ticket = await before.ticket()
  await before.tracker.close()
  const after = await startTracker(t)
  const peer = await after.connect()
  peer.join(ticket)
  assert.equal((await peer.next()).type, 'welcome')
})
