import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeContent } from './simulation/content.testing.ts'
import type { EngineInput } from './contract.ts'
import { Engine } from './engine.ts'
import { Shell } from './shell.testing.ts'
import type { SwarmErrorCode } from './swarm-error.ts'

const content = makeContent({ size: 10 * 4096 })
const asset = content.asset.id
const unknown = 'f'.repeat(64)
const bytes = new Uint8Array(4096)
const demand = { type: 'demand', demand: 1, asset, first: 0, last: 9, deadline: 0 } as const

const misuses: readonly (readonly [SwarmErrorCode, EngineInput])[] = [
  ['unknown-asset', { ...demand, asset: unknown }],
  ['unknown-asset', { type: 'chunk', asset: unknown, index: 0, bytes, source: 'local' }],
  ['unknown-asset', { type: 'fetched', asset: unknown, index: 0, bytes }],
  ['unknown-asset', { type: 'fetch-failed', asset: unknown, first: 0, last: 0 }],
  ['no-such-chunk', { ...demand, last: 10 }],
  ['no-such-chunk', { ...demand, first: 5, last: 4 }],
  ['no-such-chunk', { ...demand, first: 0.5 }],
  ['no-such-chunk', { type: 'chunk', asset, index: -1, bytes, source: 'local' }],
  ['no-such-chunk', { type: 'fetched', asset, index: 10, bytes }],
  ['peer-exists', { type: 'peer-joined', peer: 'a' }],
  ['demand-exists', { ...demand, demand: 5 }],
  ['unknown-verification', { type: 'verified', verification: 1, valid: true }],
]
for (const [code, input] of misuses) {
  test(`refuses '${input.type}' with ${code} and has no outputs: ${JSON.stringify(input).slice(0, 90)}`, () => {
    const shell = new Shell([content])
    shell.meet('a')
    shell.demand(5, 0, 0)
    shell.take()
    assert.throws(() => shell.handle(input), { name: 'SwarmError', code })
    assert.equal(shell.engine.poll(), undefined)
  })
}

test('refuses a clock that goes back or is not a number', () => {
  const engine = new Engine({ manifestVersion: 1 }, () => 0)
  engine.handle({ type: 'timer' }, 10)
  engine.handle({ type: 'timer' }, 10)
  for (const now of [9, Number.NaN]) {
    assert.throws(() => engine.handle({ type: 'timer' }, now), { code: 'time-went-back' })
  }
})

test('ignores inputs that may cross with a drop or with the end of a demand', () => {
  const shell = new Shell([content])
  shell.handle({ type: 'peer-left', peer: 'a' })
  shell.handle({ type: 'peer-garbage', peer: 'a' })
  shell.receive('a', { type: 'bye' })
  shell.handle({ type: 'chunk-sent', peer: 'a', asset, index: 0 })
  shell.handle({ type: 'demand-ended', demand: 1 })
  shell.handle({ type: 'timer' })
  assert.deepEqual(shell.take(), [])
})

test('sets one timer at a time, and none if nothing is due', () => {
  const engine = new Engine({ manifestVersion: 1 }, () => 0)
  const timers = (): number[] => {
    const at: number[] = []
    for (let output = engine.poll(); output !== undefined; output = engine.poll()) {
      if (output.type === 'set-timer') at.push(output.at)
    }
    return at
  }
  engine.handle({ type: 'asset', asset: content.asset }, 0)
  assert.deepEqual(timers(), [])
  engine.handle({ ...demand, demand: 1, deadline: 900 }, 0)
  engine.handle({ ...demand, demand: 2, deadline: 700 }, 0)
  engine.handle({ ...demand, demand: 3, deadline: 800 }, 0)
  assert.deepEqual(timers(), [900, 700])
  engine.handle({ type: 'timer' }, 700)
  assert.deepEqual(timers(), [800])
})

test('reports whether a demand would get any chunk without the origin', () => {
  const shell = new Shell([content])
  assert.equal(shell.engine.canServe(asset, 0, 9), false)
  shell.meet('a', [4])
  assert.equal(shell.engine.canServe(asset, 0, 3), false)
  assert.equal(shell.engine.canServe(asset, 0, 4), true)
  shell.own(9)
  assert.equal(shell.engine.canServe(asset, 5, 9), true)
  assert.throws(() => shell.engine.canServe(asset, 0, 10), { code: 'no-such-chunk' })
})
