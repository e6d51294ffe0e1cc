import { countAsset } from './count-asset.ts'
import { observeEntries } from './observe-entries.ts'
import { resourceType } from './resource-type.ts'
import { add, type Tallies } from './tallies.ts'
import { dayMs } from '../within.ts'

const most = 7 * dayMs

/**
 * Adds up loaded resources, except beacons to `server`, and long animation frames. `at` returns the figures of the view
 * at a time. Entry types that the browser does not report have no figures.
 */
export function watchLoading(at: (time: number) => Tallies, server: string, signal: AbortSignal): void {
  observeEntries(
    'resource',
    (entry) => {
      const tallies = at(entry.startTime)
      const resources = tallies.resources as NonNullable<Tallies['resources']>
      if (entry.name.startsWith(`${server}/v1/beacon`)) return
      const type = resourceType(entry)
      let sum = resources.find((each) => each.type === type)
      if (!sum) resources.push((sum = { type, count: 0, cached: 0, duration: 0, bytes: 0 }))
      add(sum, 'count')
      add(sum, 'duration', entry.duration, most)
      add(sum, 'bytes', entry.transferSize, 2 ** 40)
      if (!entry.transferSize && entry.decodedBodySize) add(sum, 'cached')
      if (/^(image|media)/.test(type)) countAsset(tallies, entry)
    },
    signal,
  )
  observeEntries(
    'long-animation-frame',
    ({ startTime, duration, blockingDuration }) => {
      const longFrames = at(startTime).longFrames as NonNullable<Tallies['longFrames']>
      add(longFrames, 'count')
      add(longFrames, 'duration', duration, most)
      add(longFrames, 'blocking', blockingDuration, most)
    },
    signal,
  )
}
