import { join } from 'node:path'
import { openRegistry } from '@peerpress/registry'
import { openStore } from '@peerpress/store'
import type { GoogleEndpoints } from './google-request.ts'
import { createSearchConsole } from './search-console.ts'

/** Imports a site's figures in a process of its own, which a test kills: `DIRECTORY SITE NOW ENDPOINTS`. */
const [directory = '', site = '', now = '', endpoints = ''] = process.argv.slice(2)
const registry = await openRegistry({ directory: join(directory, 'registry') })
const store = await openStore({ directory: join(directory, 'store') })
const searchConsole = createSearchConsole({
  registry,
  store,
  client: null,
  publicUrl: () => '',
  onImported: async () => undefined,
  endpoints: JSON.parse(endpoints) as GoogleEndpoints,
  now: () => Number(now),
})
await searchConsole.importSite(site, new AbortController().signal)
await store.close()
await registry.close()
