import { percentile } from '../../median.ts'
import { fairShareTimes } from './fair-share.ts'
import type { PostScenario } from './post-scenario.ts'
import { PostSimulation } from './post-simulation.ts'

/** What a scenario came to over several seeds. */
export interface PostMeasures {
  /** Waits of all readers of all runs, s. */
  readonly p50: number
  readonly p95: number
  /** 95th percentile of the same readers as fluids that share all links fairly, s. */
  readonly fairShare: number
  /** Range of the runs' own 95th percentiles, s. */
  readonly spread: readonly [number, number]
  /** Bytes of the origin ÷ bytes of one copy for each reader. */
  readonly originLoad: number
}

/** Runs a scenario once for each seed and pools the readers. */
export function measurePost(scenario: PostScenario, seeds: readonly number[]): PostMeasures {
  const size = scenario.assets.reduce((sum, bytes) => sum + bytes)
  const runs = seeds.map((seed) => new PostSimulation({ ...scenario, seed }).run())
  const times = runs.flatMap((run) => run.times)
  const tails = runs.map((run) => percentile(run.times, 0.95) / 1000)
  const originSent = runs.reduce((sum, run) => sum + run.originSent, 0)
  return {
    p50: percentile(times, 0.5) / 1000,
    p95: percentile(times, 0.95) / 1000,
    fairShare:
      percentile(
        runs.flatMap(({ arrivals }) => fairShareOf(scenario, arrivals)),
        0.95,
      ) / 1000,
    spread: [Math.min(...tails), Math.max(...tails)],
    originLoad: originSent / (times.length * size),
  }
}

/** Waits of the same readers as fluids at goodput, ms. Browsers load what is above the fold from the origin. */
function fairShareOf(scenario: PostScenario, arrivals: readonly number[]): number[] {
  const { assets, aboveFold, readers, goodput, originUp, up, down } = scenario
  const size = assets.reduce((sum, bytes) => sum + bytes)
  const fold = assets.slice(0, aboveFold).reduce((sum, bytes) => sum + bytes, 0)
  const fromOrigin = readers.map((shell) => (shell === 'browser' ? fold : 0))
  return fairShareTimes({
    arrivals,
    fromOrigin,
    fromAnyone: fromOrigin.map((bytes) => size - bytes),
    originUp: originUp * goodput.http,
    up: up * goodput.peer,
    down: down * goodput.http,
  })
}
