import { join } from 'node:path'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import type { ServerConfig } from './config/config.ts'
import { storeLocation } from './config/store-location.ts'
import { needsStore } from './roles/role-names.ts'
import type { ShutdownPlan } from './shutdown.ts'

/** What the roles of a server work on. */
export interface Engines {
  readonly registry: Registry
  /** Null if no role of this server needs it. */
  readonly store: Store | null
}

/** The file of the data folder with the key and the head of the community's ledger. */
export const ledgerFile = 'ledger-key.json'

/** What is left of the store's stage for an engine that has to be killed, ms. */
const killMs = 500

/** Opens the engines that the configured roles need. If one cannot be opened, the other is closed by the shutdown. */
export async function openEngines(
  config: ServerConfig,
  closers: ShutdownPlan,
  onNotice: (notice: string) => void,
): Promise<Engines> {
  const directory = join(config.dataDirectory, 'registry')
  const openingRegistry = openRegistry({
    ...(config.postgresUrl === undefined ? { directory } : { url: config.postgresUrl }),
    ledgerFile: join(config.dataDirectory, ledgerFile),
    onNotice,
  }).then((registry) => {
    closers.registry.push({ name: 'the registry', close: () => registry.close() })
    return registry
  })
  const openingStore = needsStore(config.roles)
    ? openStore({ ...storeLocation(config), retention: config.retentionDays }).then((store) => {
        closers.store.push({ name: 'the store', close: (left) => store.close(Math.max(0, left - killMs)) })
        return store
      })
    : Promise.resolve(null)
  // Both engines take a second to open. When one cannot be opened, the other is closed as soon as it is open.
  await Promise.allSettled([openingRegistry, openingStore])
  const [registry, store] = await Promise.all([openingRegistry, openingStore])
  return { registry, store }
}
