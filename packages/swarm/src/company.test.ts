import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from './content.testing.ts'
import { Shell } from './shell.testing.ts'

const content = makeContent({ size: 40 * 4096 })

function wanted(shell: Shell): number[] {
  return shell.takeAll('connect').map(({ peers }) => peers)
}

test('asks for company once the tracker has taken it in, until ten peers have something to offer', () => {
  const shell = new Shell([content])
  shell.demand(1, 0, 39)
  shell.wait(60_000)
  assert.deepEqual(wanted(shell), [])
  shell.tell({ type: 'swarm-size', peers: 100 })
  shell.wait(4500)
  assert.deepEqual(wanted(shell).slice(0, 1), [10])
  for (let i = 0; i < 10; i++) shell.meet(`peer ${i}`, [i])
  shell.wait(4500)
  shell.take()
  shell.wait(60_000)
  assert.deepEqual(wanted(shell), [])
})

test('looks for another when a peer leaves', () => {
  const shell = new Shell([content])
  shell.tell({ type: 'swarm-size', peers: 100 })
  for (let i = 0; i < 10; i++) shell.meet(`peer ${i}`, [i])
  shell.wait(60_000)
  shell.take()
  shell.tell({ type: 'peer-left', peer: 'peer 3' })
  shell.wait(4500)
  assert.deepEqual(wanted(shell).slice(0, 1), [1])
})

test('while it needs something parts with peers that never offered anything, when there is no room for others', () => {
  const shell = new Shell([content], { maxPeers: 6 })
  shell.tell({ type: 'swarm-size', peers: 100 })
  for (let i = 0; i < 6; i++) shell.meet(`peer ${i}`, i < 2 ? [i] : [])
  shell.demand(1, 0, 39)
  shell.wait(4900)
  assert.deepEqual(shell.takeAll('drop'), [], 'they may take a moment')
  shell.wait(10_000)
  const outputs = shell.take()
  const dropped = outputs.filter((output) => output.type === 'drop')
  assert.deepEqual(
    dropped.map(({ peer, reason }) => `${peer} ${reason}`),
    ['peer 2 crowded', 'peer 3 crowded', 'peer 4 crowded', 'peer 5 crowded'],
  )
  assert.ok(outputs.some((output) => output.type === 'connect'))
})

test('keeps peers that offer nothing when it needs nothing itself', () => {
  const shell = new Shell([content], { maxPeers: 6 })
  shell.tell({ type: 'swarm-size', peers: 100 })
  for (let i = 0; i < 6; i++) shell.meet(`peer ${i}`)
  shell.wait(60_000)
  assert.deepEqual(shell.takeAll('drop'), [])
})
