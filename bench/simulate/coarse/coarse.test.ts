import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@peerpress/swarm/simulation'
import { measure } from '../measures.ts'
import type { Scenario } from '../scenario.ts'
import { flashMob } from '../scenario.ts'
import { CoarseSimulation } from './coarse-simulation.ts'
import { TimeWheel } from './time-wheel.ts'

const crowd: Scenario = { ...flashMob, readers: 100, chunks: 128 }

/** How far the coarse mode's median, 95th percentile and last of the readers may be from the fine mode's. */
const scenarios: readonly {
  readonly name: string
  readonly scenario: Scenario
  readonly tolerance: number
}[] = [
  { name: 'a crowd at once', scenario: crowd, tolerance: 0.06 },
  { name: 'half polluters', scenario: { ...crowd, polluters: 0.5 }, tolerance: 0.06 },
  { name: 'late readers', scenario: { ...crowd, deadline: 5000 }, tolerance: 0.06 },
  { name: '40 % behind NATs', scenario: { ...crowd, blocked: 0.4 }, tolerance: 0.12 },
  {
    name: 'a Poisson process',
    scenario: { ...crowd, arrival: { kind: 'poisson', rate: 4 } },
    tolerance: 0.06,
  },
  {
    name: 'a flash crowd',
    scenario: { ...crowd, arrival: { kind: 'flash-crowd', rate: 10, decay: 0.08 } },
    tolerance: 0.06,
  },
]

for (const { name, scenario, tolerance } of scenarios) {
  test(`comes within ${tolerance * 100} % of the fine mode: ${name}`, (t) => {
    const fine = measure(scenario)
    const coarse = measure(scenario, 'coarse')
    t.diagnostic(`seed ${scenario.seed}`)
    for (const which of ['p50', 'p95', 'max'] as const) {
      const ratio = coarse.swarm[which] / fine.swarm[which]
      t.diagnostic(`${which}: ${ratio.toFixed(3)}`)
      assert.ok(Math.abs(ratio - 1) <= tolerance, `${which} is ${ratio} of the fine mode's`)
    }
    assert.equal(coarse.swarm.success, fine.swarm.success)
    assert.ok(Math.abs(coarse.originLoad - fine.originLoad) <= 0.02)
    // It parts with polluters a little later than the engine does.
    assert.ok(Math.abs(coarse.waste - fine.waste) <= 0.06)
    assert.ok(Math.abs(coarse.uploadFairness - fine.uploadFairness) <= 0.05)
    assert.deepEqual(coarse.clientServer, fine.clientServer)
    assert.equal(coarse.limit, fine.limit)
  })
}

test('those who leave before they are through are as many as in the fine mode', () => {
  const churning: Scenario = { ...crowd, stay: 60_000, arrival: { kind: 'poisson', rate: 4 } }
  const fine = measure(churning)
  const coarse = measure(churning, 'coarse')
  assert.ok(Math.abs(coarse.swarm.success - fine.swarm.success) <= 0.1)
  assert.ok(Math.abs(coarse.swarm.p50 / fine.swarm.p50 - 1) <= 0.06)
})

test('who is late has chunks of the origin besides, and of patience there is an end', () => {
  const late = measure({ ...crowd, deadline: 5000 }, 'coarse')
  const patient = measure(crowd, 'coarse')
  assert.ok(late.originLoad > 1.5 * patient.originLoad, `${late.originLoad} and ${patient.originLoad}`)
  assert.ok(late.swarm.p50 < patient.swarm.p50)
  assert.equal(measure({ ...crowd, patience: 10_000 }, 'coarse').swarm.success, 0)
})

test('the same seed gives the same run, and every chunk that came was sent', () => {
  const run = new CoarseSimulation(crowd).run()
  assert.deepEqual(new CoarseSimulation(crowd).run().readers, run.readers)
  const sum = (of: (reader: (typeof run.readers)[number]) => number): number =>
    run.readers.reduce((total, reader) => total + of(reader), 0)
  assert.equal(
    sum(({ received }) => received),
    crowd.readers * run.size,
  )
  assert.equal(sum(({ uploaded }) => uploaded) + run.originSent, crowd.readers * run.size)
})

test('the wheel turns up everything in its step, however far off it is', () => {
  const wheel = new TimeWheel()
  const random = seededRandom(1)
  const times = Array.from({ length: 5000 }, () => random() * 200_000)
  for (const [i, at] of times.entries()) wheel.add(at, 1, { a: i })
  const seen: number[] = []
  while (wheel.count < times.length) {
    const { end } = wheel
    wheel.turn(({ at, a }) => {
      assert.equal(at, times[a])
      assert.ok(at < end && at >= end - 10)
      seen.push(a)
    })
  }
  assert.equal(new Set(seen).size, times.length)
})
