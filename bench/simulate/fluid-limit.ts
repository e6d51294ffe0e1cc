import type { Scenario } from './scenario.ts'

/**
 * The least time, ms, in which anything could bring an asset to readers who all come at once: the origin must send it
 * once, each must receive it, and all uplinks together must carry all copies (Kumar & Ross, "Peer-assisted file
 * distribution: the minimum distribution time", 2006). Uplinks of free-riders do not count.
 */
export function fluidLimit(scenario: Scenario): number {
  const { readers, freeRiders, chunks, chunkSize, up, down, originUp } = scenario
  const size = chunks * chunkSize
  const uplinks = originUp + readers * (1 - freeRiders) * up
  return Math.max(size / originUp, size / down, (readers * size) / uplinks)
}
