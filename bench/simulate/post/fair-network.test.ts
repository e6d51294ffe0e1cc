import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EventQueue } from '@peerpress/swarm/simulation'
import { FairNetwork } from './fair-network.ts'

test('flows share links max-min fairly, and what one cannot use goes to the others', () => {
  const queue = new EventQueue()
  const network = new FairNetwork(queue)
  const wide = { rate: 10 }
  const narrow = { rate: 2 }
  const done: [string, number][] = []
  network.open([wide, narrow]).send(20, () => done.push(['narrow', queue.now]))
  network.open([wide]).send(40, () => done.push(['first', queue.now]))
  network.open([wide]).send(60, () => done.push(['second', queue.now]))
  queue.run()
  // 2 for the narrow one and 4 each for the others; from 10 ms on the second has all of it for its last 20.
  assert.deepEqual(done, [
    ['narrow', 10],
    ['first', 10],
    ['second', 12],
  ])
})

test('bytes of a flow are sent in order, and its buffer empties', () => {
  const queue = new EventQueue()
  const flow = new FairNetwork(queue).open([{ rate: 1 }])
  const log: string[] = []
  flow.send(30, () => log.push(`a at ${queue.now}`))
  flow.send(10, () => log.push(`b at ${queue.now}`))
  assert.equal(flow.buffered, 40)
  flow.whenBelow(10, () => log.push(`10 left at ${queue.now}`))
  flow.whenBelow(40, () => log.push(`40 left at ${queue.now}`))
  queue.run()
  assert.deepEqual(log, ['40 left at 0', 'a at 30', '10 left at 30', 'b at 40'])
})

test('a closed flow leaves its share to the others', () => {
  const queue = new EventQueue()
  const network = new FairNetwork(queue)
  const link = { rate: 2 }
  const closed = network.open([link])
  closed.send(100, () => assert.fail('it was closed'))
  let doneAt = 0
  network.open([link]).send(20, () => (doneAt = queue.now))
  queue.at(10, () => closed.close())
  queue.run()
  assert.equal(doneAt, 15)
})
