import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eightBrowsers, type PostScenario } from './post-scenario.ts'
import { PostSimulation } from './post-simulation.ts'

const few: PostScenario = {
  ...eightBrowsers,
  readers: ['browser', 'node', 'browser'],
  within: 5000,
  assets: [200_000, 200_000, 600_000],
  aboveFold: 1,
}

test('every reader gets the whole post, and the same seed gives the same run', () => {
  const { times, originSent } = new PostSimulation(few).run()
  assert.ok(
    times.every((time) => time > 0 && time < 60_000),
    times.join(' '),
  )
  assert.deepEqual(new PostSimulation(few).run().times, times)
  assert.ok(originSent >= 1_000_000)
})

test('a lone browser takes as long whether its page hands requests to the engine or to the origin', () => {
  const alone = { ...few, readers: ['browser' as const] }
  const [plain = NaN] = new PostSimulation({ ...alone, demandsAlone: false }).run().times
  const [engine = NaN] = new PostSimulation({ ...alone, demandsAlone: true }).run().times
  assert.ok(Math.abs(engine / plain - 1) < 0.02, `${engine} and ${plain} ms`)
})
