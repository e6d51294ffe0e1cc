import { arrivalTimes } from './arrivals.ts'
import { EventQueue } from '@peerpress/swarm/simulation'
import { seededRandom } from '@peerpress/swarm/simulation'
import type { Scenario } from './scenario.ts'
import { SharedLink } from './shared-link.ts'

/**
 * The same readers at the same times, served by the origin alone. Download times in ms, Infinity for who gave up.
 * Polluters change nothing here: nobody asks them.
 */
export function clientServerTimes(scenario: Scenario): number[] {
  const { seed, readers, chunks, chunkSize, originUp, down, delay, patience } = scenario
  const queue = new EventQueue()
  const uplink = new SharedLink(queue, originUp, down)
  const arrivals = arrivalTimes(scenario.arrival, readers, seededRandom(seed))
  const times = arrivals.map(() => Infinity)
  for (const [i, at] of arrivals.entries()) {
    queue.at(at + delay, () => {
      uplink.send(chunks * chunkSize, () => {
        const took = queue.now + delay - at
        // Who gives up does so after having loaded the origin: that is what overload is.
        if (took <= patience) times[i] = took
      })
    })
  }
  queue.run()
  return times
}
