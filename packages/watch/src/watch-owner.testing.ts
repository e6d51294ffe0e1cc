import { openRegistry } from '@peerpress/registry'
import { createWatchRole } from './watch-role.ts'

// A process of the role watch on a registry, for tests that kill it: `watch-owner.testing.ts DIRECTORY SMTP_URL`. It ends after
// SIGTERM.
const [directory = '', url = ''] = process.argv.slice(2)
const registry = await openRegistry({ directory })
const role = createWatchRole({
  registry,
  store: { seriesOfSites: () => Promise.resolve(new Map()) },
  mail: { url, from: 'alerts@peerpress.example' },
  publicUrl: () => 'https://peerpress.example',
  report: (problem, error) => console.error(problem, error),
})
await role.start()
process.once('SIGTERM', () => {
  role
    .stop(1000)
    .then(() => registry.close())
    .catch((error: unknown) => {
      console.error(error)
      process.exitCode = 1
    })
})
