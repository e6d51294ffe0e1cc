import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from '../simulation/content.testing.ts'
import type { EngineOptions } from '../engine-options.ts'
import { Shell } from '../shell.testing.ts'

const content = makeContent({ size: 20 * 4096 })
const asset = content.asset.id
const all = Array.from({ length: 20 }, (_, index) => index)

function asked(options: Partial<EngineOptions>, ...indices: number[]): Shell {
  const shell = new Shell([content], { maxUploads: 8, uploadsPerPeer: 8, ...options })
  shell.own(...all)
  shell.meet('a')
  for (const index of indices) shell.receive('a', { type: 'request', asset, index })
  return shell
}

function sending(shell: Shell): number[] {
  return shell.takeAll('send-chunk').map(({ index }) => index)
}

test('sends no faster than the rate allows', () => {
  const shell = asked({ uploadRate: 4096 / 100 }, 0, 1, 2)
  assert.deepEqual(sending(shell), [0])
  shell.wait(99)
  assert.deepEqual(sending(shell), [])
  shell.wait(1)
  assert.deepEqual(sending(shell), [1])
  shell.wait(100)
  assert.deepEqual(sending(shell), [2])
})

test('sends no more than the allowance, and rejects the rest as busy', () => {
  const shell = asked({})
  shell.handle({ type: 'upload-allowance', bytes: 2 * 4096 + 1 })
  for (const index of [0, 1, 2, 3]) shell.receive('a', { type: 'request', asset, index })
  const outputs = shell.take()
  assert.deepEqual(
    outputs.flatMap((output) => (output.type === 'send-chunk' ? [output.index] : [])),
    [0, 1],
  )
  assert.equal(
    outputs.filter((output) => output.type === 'send' && output.message.type === 'reject').length,
    2,
  )
  shell.handle({ type: 'upload-allowance', bytes: 4096 })
  shell.receive('a', { type: 'request', asset, index: 2 })
  assert.deepEqual(sending(shell), [2])
})

test('rejects queued requests at once if nothing may be sent any more', () => {
  const shell = asked({ maxUploads: 1 }, 0, 1, 2)
  shell.take()
  shell.handle({ type: 'upload-allowance', bytes: 0 })
  assert.deepEqual(shell.takeSent('reject'), ['a 1', 'a 2'])
})

test('applies new slots and a new rate', () => {
  const shell = asked({ maxUploads: 2 }, 0, 1, 2, 3)
  assert.deepEqual(sending(shell), [0, 1])
  shell.handle({ type: 'upload-allowance', bytes: Infinity, slots: 1, rate: 4096 / 100 })
  shell.handle({ type: 'chunk-sent', peer: 'a', asset, index: 0 })
  assert.deepEqual(sending(shell), [])
  shell.handle({ type: 'chunk-sent', peer: 'a', asset, index: 1 })
  assert.deepEqual(sending(shell), [2])
  shell.handle({ type: 'upload-allowance', bytes: Infinity, slots: 2 })
  assert.deepEqual(sending(shell), [])
  shell.wait(100)
  assert.deepEqual(sending(shell), [3], 'the rate is unchanged')
})

test('sends nothing without a slot, and rejects requests as busy', () => {
  const shell = asked({})
  shell.handle({ type: 'upload-allowance', bytes: Infinity, slots: 0 })
  shell.receive('a', { type: 'request', asset, index: 0 })
  assert.deepEqual(sending(shell), [])
  shell.wait(1000)
  assert.deepEqual(shell.takeSent('reject'), ['a 0'])
})
