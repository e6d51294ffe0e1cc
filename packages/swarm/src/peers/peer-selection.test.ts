import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from '../simulation/content.testing.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ size: 40 * 4096 })

function wanted(shell: Shell): number[] {
  return shell.takeAll('connect').map(({ peers }) => peers)
}

test('once the tracker has admitted it, requests peers until ten of them have something to offer', () => {
  const shell = new Shell([content])
  shell.demand(1, 0, 39)
  shell.wait(60_000)
  assert.deepEqual(wanted(shell), [])
  shell.handle({ type: 'swarm-size', peers: 100 })
  shell.wait(4500)
  assert.deepEqual(wanted(shell).slice(0, 1), [10])
  for (let i = 0; i < 10; i++) shell.meet(`peer ${i}`, [i])
  shell.wait(4500)
  shell.take()
  shell.wait(60_000)
  assert.deepEqual(wanted(shell), [])
})

test('requests another peer when one leaves', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'swarm-size', peers: 100 })
  for (let i = 0; i < 10; i++) shell.meet(`peer ${i}`, [i])
  shell.wait(60_000)
  shell.take()
  shell.handle({ type: 'peer-left', peer: 'peer 3' })
  shell.wait(4500)
  assert.deepEqual(wanted(shell).slice(0, 1), [1])
})

test('while it needs chunks and has no room, drops peers that never offered anything', () => {
  const shell = new Shell([content], { maxPeers: 6 })
  shell.handle({ type: 'swarm-size', peers: 100 })
  for (let i = 0; i < 6; i++) shell.meet(`peer ${i}`, i < 2 ? [i] : [])
  shell.demand(1, 0, 39)
  shell.wait(4900)
  assert.deepEqual(shell.takeAll('drop'), [], 'peers get some time to offer chunks')
  shell.wait(10_000)
  const outputs = shell.take()
  const dropped = outputs.filter((output) => output.type === 'drop')
  assert.deepEqual(
    dropped.map(({ peer, reason }) => `${peer} ${reason}`),
    ['peer 2 crowded', 'peer 3 crowded', 'peer 4 crowded', 'peer 5 crowded'],
  )
  assert.ok(outputs.some((output) => output.type === 'connect'))
})

test('keeps peers that offer nothing while it needs nothing itself', () => {
  const shell = new Shell([content], { maxPeers: 6 })
  shell.handle({ type: 'swarm-size', peers: 100 })
  for (let i = 0; i < 6; i++) shell.meet(`peer ${i}`)
  shell.wait(60_000)
  assert.deepEqual(shell.takeAll('drop'), [])
})

test('requests peers less often the longer the requests are unsuccessful', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'swarm-size', peers: 100 })
  shell.demand(1, 0, 39)
  const times: number[] = []
  for (let ms = 0; ms < 120_000; ms += 100) {
    shell.wait(100)
    for (const _ of wanted(shell)) times.push(ms)
  }
  const pauses = times.slice(1).map((time, i) => time - (times[i] ?? 0))
  assert.ok((times[0] ?? Infinity) < 4500)
  assert.ok(pauses.length >= 4 && pauses.length <= 9, `${pauses.join(', ')} ms`)
  assert.ok(pauses.slice(3).every((pause) => pause >= 12_000))
  // Success, or new chunks to download, shortens the interval again.
  shell.demand(2, 0, 39)
  shell.wait(40_000)
  shell.meet('a peer', [1])
  shell.take()
  shell.demand(3, 0, 39)
  shell.wait(40_000)
  assert.ok(wanted(shell).length >= 3)
})

test('once it has everything, drops peers that have everything and requests no more', () => {
  const shell = new Shell([content], { maxPeers: 6 })
  const all = Array.from({ length: 40 }, (_, i) => i)
  shell.handle({ type: 'swarm-size', peers: 100 })
  shell.own(...all.slice(1))
  shell.meet('whole', all)
  shell.meet('part', all.slice(1))
  shell.meet('none')
  shell.wait(60_000)
  assert.deepEqual(shell.takeAll('drop'), [], 'drops no peer while a chunk is missing')
  shell.own(0)
  shell.wait(60_000)
  const outputs = shell.take()
  const dropped = outputs.flatMap((output) =>
    output.type === 'drop' ? [`${output.peer} ${output.reason}`] : [],
  )
  assert.deepEqual(dropped, ['whole crowded'])
  shell.receive('part', { type: 'have', asset: shell.asset, index: 0 })
  shell.wait(60_000)
  const later = shell.take()
  assert.deepEqual(
    later.flatMap((output) => (output.type === 'drop' ? [output.peer] : [])),
    ['part'],
  )
  assert.ok(!later.some(({ type }) => type === 'connect'))
})

test('sends receipts for all received chunks before it drops peers', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'swarm-size', peers: 100 })
  shell.own(...Array.from({ length: 39 }, (_, i) => i + 1))
  shell.meet('whole', [0])
  shell.demand(1, 0, 0)
  shell.frame('whole', 0)
  shell.verify()
  assert.deepEqual(
    shell.takeAll('send-receipt').map(({ peer, bytes }) => `${peer} ${bytes}`),
    ['whole 4096'],
  )
})
