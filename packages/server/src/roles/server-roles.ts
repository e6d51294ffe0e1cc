import { join } from 'node:path'
import { type ApiRole, createApiRole, type Viewer } from '@peerpress/api'
import { type CollectorRole, createCollectorRole, openCountryFile } from '@peerpress/collector'
import { createPublisherRole, type Publisher } from '@peerpress/publisher'
import type { DomainEventType, Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import { createTrackerRole, type TrackerRole } from '@peerpress/tracker'
import type { Role } from '@peerpress/wire'
import type { ServerConfig } from '../config/config.ts'
import type { Engines } from '../engines.ts'
import { createUpkeepRole } from './upkeep-role.ts'

/** The roles of this server; null for each that is not configured. */
export interface ServerRoles {
  readonly publisher: Role | null
  readonly collector: CollectorRole | null
  readonly tracker: TrackerRole | null
  readonly api: ApiRole | null
  readonly upkeep: Role | null
}

export interface ServerRolesOptions {
  readonly config: ServerConfig
  readonly engines: Engines
  readonly publisher: Publisher
  readonly viewerOf: (authorization: string | null | undefined) => Viewer
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
}

/** Creates the configured roles without starting them. */
export function createServerRoles(options: ServerRolesOptions): ServerRoles {
  const { config, engines, publisher, viewerOf, report } = options
  const { registry, store } = engines
  const has = (name: keyof ServerRoles) => config.roles.includes(name)
  return {
    publisher: has('publisher') ? createPublisherRole(publisher, registry) : null,
    collector: has('collector') && store !== null ? collectorRole(config, { registry, store, report }) : null,
    tracker: has('tracker') ? trackerRole(config, { registry, report }) : null,
    api:
      has('api') && store !== null
        ? createApiRole({
            registry,
            store,
            publisher,
            keeping: {
              ...store,
              // The registry first: from then on nothing new comes, and the store refuses what is in flight.
              removeSite: async (site) => ({
                wasRegistered: await publisher.removeSite(site),
                views: await store.removeSite(site),
              }),
            },
            authorize: (request) => viewerOf(request.headers.get('Authorization')),
          })
        : null,
    upkeep: has('upkeep') && store !== null ? createUpkeepRole({ registry, store, report }) : null,
  }
}

interface RoleDependencies {
  readonly registry: Registry
  readonly report: ServerRolesOptions['report']
}

function collectorRole(
  config: ServerConfig,
  { registry, store, report }: RoleDependencies & { readonly store: Store },
): CollectorRole {
  return createCollectorRole({
    directory: join(config.dataDirectory, 'beacons'),
    store,
    site: (id) => registry.sites.get(id),
    maxPerNetwork: config.beaconsPerNetwork,
    maxPerSite: config.beaconsPerSite,
    maxLogBytes: config.maxLogBytes,
    cityFile: config.cityFile,
    asnFile: config.asnFile,
    onStoreFailure: (error) =>
      report(
        `beacons wait on disk, the store did not take them: ${error instanceof Error ? error.message : String(error)}`,
      ),
    onNotice: (notice, error) => report(error === null ? notice : `${notice}: ${error.message}`),
  })
}

/** Events after which lines may have to be closed. */
const policyEvents: ReadonlySet<DomainEventType> = new Set([
  'policy.changed',
  'site.disconnected',
  'site.reconnected',
  'site.removed',
])

function trackerRole(config: ServerConfig, { registry, report }: RoleDependencies): TrackerRole {
  return createTrackerRole({
    options: async () => ({
      ticketKey: await registry.secret('ticket-key'),
      iceServers: config.iceServers,
      relayOnly: config.relayOnly,
      minPeersPerRoom: config.minSwarm,
      countryOf: await openCountryFile(),
      chunkHash: (asset, index) => registry.assets.chunkHash(asset, index),
      policies: (sites) => registry.sites.policies(sites),
      onProof: (proof) => registry.outbox.append({ type: 'proof.accepted', ...proof }),
      onFailure: (error) => report('the tracker failed:', error),
    }),
    followPolicies: (changed) =>
      registry.outbox.follow(async ({ type }) => {
        if (policyEvents.has(type)) await changed()
      }),
  })
}
