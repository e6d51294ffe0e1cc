import { exponential } from './exponential.ts'
import type { Arrival } from './scenario.ts'

/** When each of `count` readers comes, ms, in order. */
export function arrivalTimes(arrival: Arrival, count: number, random: () => number): number[] {
  if (arrival.kind === 'uniform') {
    return Array.from({ length: count }, () => random() * arrival.within).toSorted((a, b) => a - b)
  }
  const times: number[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (arrival.kind === 'poisson') at += exponential(random, 1000 / arrival.rate)
    if (arrival.kind === 'flash-crowd') at = nextOfCrowd(at, arrival, random)
    if (at === Infinity) break
    times.push(at)
  }
  return times
}

/** A Poisson process of falling rate, by inversion: Infinity when the crowd is over. */
function nextOfCrowd(
  at: number,
  { rate, decay }: { readonly rate: number; readonly decay: number },
  random: () => number,
): number {
  const left = (rate / decay) * Math.exp((-decay * at) / 1000) - exponential(random, 1)
  return left <= 0 ? Infinity : (-1000 * Math.log((left * decay) / rate)) / decay
}
