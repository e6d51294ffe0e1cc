import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrivalTimes } from './arrivals.ts'
import { chart } from '../chart.ts'
import { clientServerTimes } from './client-server.ts'
import { EventQueue } from '@peerpress/swarm/simulation'
import { fluidLimit } from './fluid-limit.ts'
import { jain, measure } from './measures.ts'
import { seededRandom } from '@peerpress/swarm/simulation'
import { flashMob } from './scenario.ts'
import { SharedLink } from './shared-link.ts'

const small = { ...flashMob, readers: 40, chunks: 64 }

test('transfers share a link equally, and none gets more than the cap', () => {
  const queue = new EventQueue()
  const link = new SharedLink(queue, 10, 8)
  const done: [string, number][] = []
  link.send(80, () => done.push(['alone at first', queue.now]))
  queue.at(5, () => link.send(100, () => done.push(['second', queue.now])))
  queue.run()
  // 5 ms at 8, then 5 each until the first is through; the second has 60 left and goes on at 8.
  assert.deepEqual(done, [
    ['alone at first', 13],
    ['second', 20.5],
  ])
})

test('the origin alone takes readers × size ÷ uplink, as it must', () => {
  const times = clientServerTimes({ ...small, delay: 0 })
  const whole = (small.readers * small.chunks * small.chunkSize) / small.originUp
  for (const time of times) assert.ok(Math.abs(time - whole) < 1e-3)
})

test('the limit is the narrowest of origin, downlink and all uplinks together', () => {
  const size = small.chunks * small.chunkSize
  const atOnce = Array.from({ length: 40 }, () => 0)
  const isAbout = (actual: number, expected: number): void => {
    assert.ok(Math.abs(actual / expected - 1) < 1e-5, `${actual}, not ${expected}`)
  }
  isAbout(fluidLimit({ ...small, originUp: 1, down: 10, up: 10 }, atOnce), size)
  isAbout(fluidLimit({ ...small, originUp: 100, down: 2, up: 100 }, atOnce), size / 2)
  isAbout(fluidLimit({ ...small, originUp: 100, down: 100, up: 5 }, atOnce), (40 * size) / (100 + 40 * 5))
})

test('the limit knows what the first have given when the last come, and what the last cannot give before', () => {
  const size = small.chunks * small.chunkSize
  const links = { ...small, originUp: 10, down: Infinity, up: 5 }
  // One long after the other: each has the origin and all before it, the first the origin alone.
  const apart = Array.from({ length: 40 }, (_, i) => i * size)
  assert.equal(fluidLimit(links, apart), size / 10)
  // Of two, the second at 0.1·size: both are due by 0.1·size + T, when 10·(0.1·size + T) + 5·(0.1·size + T) + 5·T came.
  const two = fluidLimit({ ...links, originUp: 20 / 3 }, [0, size / 10])
  assert.ok(Math.abs(two - size * 0.15) < 1e-3 * size, `${two / size}`)
})

test('a Poisson process has its rate, a flash crowd ends', () => {
  const steady = arrivalTimes({ kind: 'poisson', rate: 2 }, 4000, seededRandom(1))
  assert.ok(Math.abs((steady.at(-1) ?? 0) / 2_000_000 - 1) < 0.05)
  const crowd = arrivalTimes({ kind: 'flash-crowd', rate: 10, decay: 0.1 }, 4000, seededRandom(1))
  // λ0 ÷ α readers come in all: 100, give or take.
  assert.ok(crowd.length > 70 && crowd.length < 130)
  assert.deepEqual(
    crowd,
    crowd.toSorted((a, b) => a - b),
  )
})

test('the same seed gives the same run, another seed another', () => {
  const first = measure(small)
  assert.deepEqual(measure(small), first)
  assert.notDeepEqual(measure({ ...small, seed: 2 }), first)
})

test('nothing is faster than the limit, and a crowd is faster than the origin alone', () => {
  const { swarm, clientServer, limit } = measure(small)
  assert.equal(swarm.success, 1)
  assert.ok(swarm.max >= (limit ?? Infinity))
  assert.ok(swarm.max < clientServer.p50)
})

test('everybody gets everything among polluters, free-riders, NATs and churn', () => {
  const polluted = measure({ ...small, polluters: 0.5 })
  assert.equal(polluted.swarm.success, 1)
  assert.ok(polluted.waste > 0, 'polluters were met')
  assert.equal(measure({ ...small, freeRiders: 0.6, blocked: 0.4 }).swarm.success, 1)
  assert.equal(measure({ ...small, slowUp: 0.2 }).swarm.success, 1)
  const stay = 60_000
  const churning = measure({ ...small, stay, arrival: { kind: 'flash-crowd', rate: 10, decay: 0.1 } })
  assert.ok(churning.swarm.success > 0.5 && churning.swarm.success < 1, 'some leave before they are through')
})

test('with readers of little patience a swarm loses none, a crowded origin all', () => {
  const { swarm, clientServer } = measure({ ...small, patience: 60_000 })
  assert.equal(swarm.success, 1)
  assert.equal(clientServer.success, 0)
})

test('knows how evenly something is shared out', () => {
  assert.equal(jain([3, 3, 3]), 1)
  assert.equal(jain([1, 0, 0, 0]), 0.25)
})

test('draws every line of every panel', () => {
  const line = { name: 'a', colour: '#000', points: [[0, 1] as const, [1, 2] as const] }
  const panel = { title: 't', x: 'x', y: 'y', lines: [line, line] }
  assert.equal(chart([panel, panel, panel]).match(/<polyline/g)?.length, 6)
})
