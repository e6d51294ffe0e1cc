import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from './content.testing.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ size: 40 * 4096 })
const asset = content.asset.id
const all = Array.from({ length: 40 }, (_, index) => index)

test('requests more at a time from a fast peer, and fewer after it reported to be busy', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.demand(1, 0, 39)
  assert.equal(shell.takeSent('request').length, 4)
  for (let index = 0; index < 8; index++) {
    shell.wait(10)
    shell.give('a', index)
  }
  const asked = shell.takeSent('request').length
  assert.equal(asked, 8 + 5, 'one more for each received chunk')
  shell.receive('a', { type: 'reject', asset, index: 8, reason: 'busy' })
  shell.wait(600)
  assert.deepEqual(shell.takeSent('request'), [])
})

test('requests less from a slow peer than from a fast one', () => {
  const shell = new Shell([content])
  shell.meet('fast', all)
  shell.meet('slow', all)
  shell.demand(1, 0, 1)
  const [first = '', second = ''] = shell.takeSent('request').toSorted()
  shell.wait(10)
  shell.give('fast', Number(first.slice(-1)))
  shell.wait(400)
  shell.give('slow', Number(second.slice(-1)))
  shell.demand(2, 2, 5)
  const peers = shell.takeSent('request').map((sent) => sent.split(' ')[0])
  assert.ok(peers.filter((peer) => peer === 'fast').length >= 3, peers.join())
})

test('with a pace, each chunk has its own deadline', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  const deadline = shell.now + 1000
  shell.handle({ type: 'demand', demand: 1, asset, first: 0, last: 9, deadline, pace: 500 })
  assert.deepEqual(shell.takeSent('request'), ['a 0', 'a 1', 'a 2', 'a 3'])
  shell.wait(1000)
  const fetched = (): number[][] => shell.takeAll('fetch').map(({ first, last }) => [first, last])
  assert.deepEqual(fetched(), [[0, 0]])
  shell.wait(500)
  assert.deepEqual(fetched(), [[1, 1]])
})

test('serves the most urgent demand first', () => {
  const shell = new Shell([content], { requestsPerPeer: 1 })
  shell.meet('a', all)
  shell.demand(1, 0, 9, 60_000)
  shell.demand(2, 20, 29, 5000)
  shell.take()
  shell.give('a', 0)
  assert.equal(shell.takeSent('request')[0], 'a 20')
})

test('waits longer for a peer whose chunks always take long', () => {
  const shell = new Shell([content])
  shell.meet('a', all)
  shell.demand(1, 0, 3)
  for (let index = 0; index < 3; index++) {
    shell.wait(1500)
    shell.give('a', index)
  }
  shell.take()
  shell.wait(4000)
  assert.deepEqual(shell.takeSent('cancel'), [])
  shell.wait(1000)
  assert.deepEqual(shell.takeSent('cancel'), ['a 3'])
})
