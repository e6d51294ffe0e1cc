import { clientServerTimes } from './client-server.ts'
import { CoarseSimulation } from './coarse/coarse-simulation.ts'
import { fluidLimit } from './fluid-limit.ts'
import type { Played, PlayedReader } from './played.ts'
import type { Scenario } from './scenario.ts'
import { Simulation } from './simulation.ts'

/** How readers fared. Times are ms. */
export interface Outcome {
  /** Share of the readers that got everything. */
  readonly success: number
  readonly p50: number
  readonly p95: number
  readonly max: number
  /** Jain's index of download times: 1 when all are equal. */
  readonly fairness: number
}

/** What one scenario came to. */
export interface Measures {
  readonly readers: number
  readonly swarm: Outcome
  /** The same readers served by the origin alone. */
  readonly clientServer: Outcome
  /** Those among the readers that give. */
  readonly contributors: Outcome
  /** The fluid limit, ms: how soon each could have all that came when these did. */
  readonly limit: number
  /** Bytes of the origin ÷ bytes of one copy for each reader. */
  readonly originLoad: number
  /** Bytes received that were of no use ÷ bytes received. */
  readonly waste: number
  /** Jain's index of what those that give have sent. */
  readonly uploadFairness: number
  /** Events of the simulation. */
  readonly events: number
}

/** Plays a scenario and its baseline: with the engine itself, or `coarse`, for crowds that are too large for that. */
export function measure(scenario: Scenario, mode: 'fine' | 'coarse' = 'fine'): Measures {
  const played: Played = (mode === 'fine' ? new Simulation(scenario) : new CoarseSimulation(scenario)).run()
  const { readers, arrivals, size } = played
  const sum = (of: (reader: PlayedReader) => number): number =>
    readers.reduce((total, reader) => total + of(reader), 0)
  const arrived = sum((reader) => reader.arrived)
  const contributors = readers.filter(({ freeRider }) => !freeRider)
  const timeOf = ({ finishedAt, arrivedAt }: PlayedReader): number => finishedAt - arrivedAt
  return {
    readers: readers.length,
    swarm: outcome(readers.map(timeOf)),
    clientServer: outcome(clientServerTimes(scenario)),
    contributors: outcome(contributors.map(timeOf)),
    limit: fluidLimit(scenario, arrivals),
    originLoad: played.originSent / (readers.length * size),
    waste: arrived === 0 ? 0 : 1 - sum((reader) => reader.received) / arrived,
    uploadFairness: jain(contributors.map((reader) => reader.uploaded)),
    events: played.events,
  }
}

function outcome(times: readonly number[]): Outcome {
  const done = times.filter((time) => time < Infinity).toSorted((a, b) => a - b)
  const quantile = (p: number): number => done[Math.ceil(p * done.length) - 1] ?? NaN
  return {
    success: done.length / times.length,
    p50: quantile(0.5),
    p95: quantile(0.95),
    max: quantile(1),
    // Of nobody there is none.
    fairness: done.length === 0 ? NaN : jain(done),
  }
}

/** (Σx)² / (n·Σx²): from 1/n, one has all, to 1, all have the same (Jain, Chiu & Hawe 1984). */
export function jain(values: readonly number[]): number {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  return squares === 0 ? 1 : (sum * sum) / (values.length * squares)
}
