import { join } from 'node:path'
import { openRegistry } from '@peerpress/registry'
import { createPublisher } from './publisher.ts'

// Publishes a post of the site at the given origin, sends the site's id, and continues until it is killed.
const [directory = '', origin = ''] = process.argv.slice(2)
const registry = await openRegistry({ directory: join(directory, 'registry') })
const publisher = createPublisher({ registry, directory: join(directory, 'assets') })
const { site } = await registry.sites.add({ url: origin, consent: 'assumed', allowPrivateAddresses: true })
process.send?.(site.id)
await publisher.start()
await publisher.publish(site.id, '12', `${origin}/post`)
