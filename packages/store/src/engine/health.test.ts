import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { Heartbeat } from './health.ts'

let now: number
let pings: PromiseWithResolvers<unknown>[]
let hung: number
let heartbeat: Heartbeat

beforeEach(() => {
  mock.timers.enable({ apis: ['setInterval'] })
  now = 0
  pings = []
  hung = 0
  heartbeat = new Heartbeat({
    ping: () => {
      const ping = Promise.withResolvers<unknown>()
      pings.push(ping)
      return ping.promise
    },
    onHung: { afterMs: 30_000, call: () => hung++ },
    now: () => now,
  })
})
afterEach(() => {
  heartbeat.stop()
  mock.timers.reset()
})

const pass = async (ms: number) => {
  for (let passed = 0; passed < ms; passed += 1000) {
    await new Promise(setImmediate)
    now += 1000
    mock.timers.tick(1000)
  }
  await new Promise(setImmediate)
}

test('an engine is ready while it answers its pings, and the age of its answer is known', async () => {
  assert.deepEqual(heartbeat.health, { state: 'starting', answeredMsAgo: null })
  pings[0]?.resolve('')
  await pass(1000)
  assert.deepEqual(heartbeat.health, { state: 'ready', answeredMsAgo: 1000 })
})

test('an engine that does not answer gets one ping, becomes unresponsive, and is reported as hung once', async () => {
  pings[0]?.resolve('')
  await pass(2000)
  assert.equal(pings.length, 2)
  await pass(5000)
  assert.equal(heartbeat.health.state, 'ready')
  await pass(1000)
  assert.deepEqual(heartbeat.health, { state: 'unresponsive', answeredMsAgo: 8000 })
  assert.equal(hung, 0)
  await pass(60_000)
  assert.deepEqual([pings.length, hung], [2, 1])
  pings[1]?.resolve('')
  await pass(0)
  assert.equal(heartbeat.health.state, 'ready')
})

test('an engine that refuses its ping is down until it answers one', async () => {
  pings[0]?.reject(new Error('no route'))
  await pass(2000)
  assert.deepEqual(heartbeat.health, { state: 'down', answeredMsAgo: null })
  pings[1]?.resolve('')
  await pass(2000)
  assert.equal(heartbeat.health.state, 'ready')
})
