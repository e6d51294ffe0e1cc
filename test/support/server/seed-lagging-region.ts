import { join } from 'node:path'
import { type LaggingSite, seedLaggingSite } from '@peerpress/insights/testing'
import { openStore } from '@peerpress/store'
import type { ServerProcess } from './server-process.ts'

/**
 * Gives a site 28 weeks of views from search engines, in which one region lags. The server is restarted: it owns the store, and
 * its collector refuses reports that are older than a week.
 */
export async function seedLaggingRegion(
  server: ServerProcess,
  site: string,
  options: Pick<LaggingSite, 'isSlow' | 'posts'> = {},
): Promise<void> {
  await server.stop()
  const store = await openStore({ directory: join(server.dataDirectory, 'store') })
  await seedLaggingSite(store, { ...options, site, now: Date.now() })
  await store.close()
  await server.restart()
}
