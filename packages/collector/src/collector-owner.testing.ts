// A process that owns a store and a collector in directory argv[2], receives beacons of 450 views numbered from
// argv[3],
// 16 at a time, and does not end. Each view is of another post. It sends the number of each accepted view.
import { join } from 'node:path'
import { openStore } from '@peerpress/store'
import { beaconOf, requestOf, siteOrigin, limits } from './beacon.testing.ts'
import { openCollector } from './collector.ts'

const [directory = '', first = ''] = process.argv.slice(2)
const store = await openStore({ directory: join(directory, 'store') })
const collector = await openCollector({
  ...limits,
  directory: join(directory, 'beacons'),
  store,
  site: async () => ({ origins: [siteOrigin] }),
  maxSegmentAge: 200,
})

setInterval(() => undefined, 60_000)
const end = Number(first) + 450
let next = Number(first)
await Promise.all(
  Array.from({ length: 16 }, async () => {
    while (next < end) {
      const view = next++
      const { accepted } = await collector.receive(requestOf(beaconOf(view, { post: String(view) })))
      if (accepted) process.send?.(view)
    }
  }),
)
