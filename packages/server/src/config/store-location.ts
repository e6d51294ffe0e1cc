import { join } from 'node:path'
import type { StoreLocation } from '@peerpress/store'
import type { ServerConfig } from './config.ts'

/** Returns where a server with this configuration stores its measurements. */
export function storeLocation({
  clickhouseUrl,
  clickhouseCluster,
  dataDirectory,
  storeMemory,
}: ServerConfig): StoreLocation {
  const place =
    clickhouseUrl === undefined
      ? { directory: join(dataDirectory, 'store') }
      : { url: clickhouseUrl, cluster: clickhouseCluster }
  return { ...place, ...(storeMemory === undefined ? {} : { memory: storeMemory }) }
}
