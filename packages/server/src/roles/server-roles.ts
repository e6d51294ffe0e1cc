import { join } from 'node:path'
import type { AccountServices } from '@peerpress/accounts'
import { type ApiRole, createApiRole } from '@peerpress/api'
import { type CollectorRole, createCollectorRole, openCountryFile } from '@peerpress/collector'
import { type Community, type CommunityLending, createCommunityRole } from '@peerpress/community'
import {
  createAdvising,
  createDraftWork,
  createEditorial,
  createEditorialRole,
  createLocalModels,
  sendDigests,
  startCmsWork,
} from '@peerpress/editorial'
import { createInsights, createSearchConsole, sendReports } from '@peerpress/insights'
import type { Publisher } from '@peerpress/publisher'
import type { DomainEventType, Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import { createTrackerRole, type TrackerRole } from '@peerpress/tracker'
import { createWatchRole } from '@peerpress/watch'
import type { Role } from '@peerpress/wire'
import { communitySignals } from '../community-signals.ts'
import type { ServerConfig } from '../config/config.ts'
import type { Engines } from '../engines.ts'
import { mailSettings } from '../mail-settings.ts'
import { lendingRecords } from '../open-lending.ts'
import type { Trust } from '../open-trust.ts'
import type { OperatorToken } from '../operator-token.ts'
import { createPublishingRole } from './publishing-role.ts'
import { createUpkeepRole } from './upkeep-role.ts'

/** The roles of this server; null for each that is not configured. */
export interface ServerRoles {
  readonly publisher: Role | null
  readonly collector: CollectorRole | null
  readonly tracker: TrackerRole | null
  readonly api: ApiRole | null
  readonly upkeep: Role | null
  readonly watch: Role | null
  readonly community: Role | null
  readonly editorial: Role | null
}

export interface ServerRolesOptions {
  readonly config: ServerConfig
  readonly engines: Engines
  readonly publisher: Publisher
  readonly lending: CommunityLending
  readonly trust: Trust
  readonly accounts: AccountServices
  /** Null without the store. */
  readonly community: Community | null
  readonly operatorToken: Pick<OperatorToken, 'rotate'>
  /** The documents of the dashboard, by their ids. */
  readonly documents: ReadonlyMap<string, string>
  /** Returns the public address, which is known after the server listens. */
  readonly publicUrl: () => string
  /** Called with what an operator should know. Must not throw. */
  readonly report: (problem: string, error?: unknown) => void
  /** Called with what must end when the server ends. */
  readonly onOpened: (name: string, close: () => Promise<void>) => void
}

/** Creates the configured roles without starting them. */
export function createServerRoles(options: ServerRolesOptions): ServerRoles {
  const { config, engines, publisher, accounts, community, lending, trust } = options
  const { operatorToken, documents, publicUrl, report, onOpened } = options
  const { registry, store } = engines
  const has = (name: keyof ServerRoles) => config.roles.includes(name)
  const insights = store === null ? null : createInsights({ registry, store })
  const searchConsole =
    store === null || insights === null
      ? null
      : createSearchConsole({
          registry,
          store,
          client: googleClient(config),
          publicUrl,
          onImported: (site) => insights.requestAnalysis(site),
        })
  const advising = store === null ? null : createAdvising({ registry, store })
  const editorial =
    store === null || insights === null || !(has('api') || has('editorial'))
      ? null
      : createEditorial({
          registry,
          store,
          insights,
          community: communitySignals({ registry, moderation: trust.moderation }),
        })
  const localModels = createLocalModels(join(config.dataDirectory, 'models'))
  onOpened('the fetches of local models', () => localModels.close())
  if (editorial !== null) onOpened('the editorial work', () => editorial.close())
  return {
    publisher: has('publisher') ? createPublishingRole({ publisher, registry, report }) : null,
    collector: has('collector') && store !== null ? collectorRole(config, { registry, store, report }) : null,
    tracker: has('tracker') ? trackerRole(config, { registry, report }) : null,
    api:
      has('api') &&
      store !== null &&
      insights !== null &&
      searchConsole !== null &&
      community !== null &&
      editorial !== null &&
      advising !== null
        ? createApiRole({
            registry,
            store,
            publisher,
            insights,
            searchConsole,
            lending,
            moderation: trust.moderation,
            community,
            editorial,
            advising,
            localModels,
            keeping: {
              ...store,
              // The registry first: from then on nothing new comes, and the store refuses what is in flight.
              removeSite: async (site) => ({
                wasRegistered: await publisher.removeSite(site),
                views: await store.removeSite(site),
              }),
            },
            keys: publisher,
            documents,
            persistedOnly: config.persistedOnly,
            accounts: { ...accounts, rotateOperatorToken: () => operatorToken.rotate() },
            hasMail: mailSettings(config) !== null,
          })
        : null,
    upkeep:
      has('upkeep') && store !== null && insights !== null && searchConsole !== null && community !== null
        ? createUpkeepRole({
            registry,
            store,
            insights,
            searchConsole,
            sendReports: (signal) => sendReports({ registry, store, insights }, signal),
            community,
            lending,
            trust,
            report,
          })
        : null,
    watch:
      has('watch') && store !== null
        ? createWatchRole({
            registry,
            store,
            chromiumPath: config.chromiumPath,
            mail: mailSettings(config),
            publicUrl,
            report,
          })
        : null,
    community: has('community') && store !== null ? createCommunityRole({ registry, store, report }) : null,
    editorial:
      has('editorial') && editorial !== null && advising !== null
        ? createEditorialRole({
            registry,
            editorial,
            workOnDrafts: createDraftWork({ registry, localModels }),
            workOnCms: () => startCmsWork({ registry }),
            sendDigests: (signal) => sendDigests({ registry, advising, publicUrl }, signal),
            report,
          })
        : null,
  }
}

/** Returns the client of Google for consents; null if the operator has set none. */
function googleClient({
  googleClientId: id,
  googleClientSecret: secret,
}: Pick<ServerConfig, 'googleClientId' | 'googleClientSecret'>) {
  return id === undefined || secret === undefined ? null : { id, secret }
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
      lending: lendingRecords(registry),
      onFailure: (error) => report('the tracker failed:', error),
    }),
    followPolicies: (changed) =>
      registry.outbox.follow(async ({ type }) => {
        if (policyEvents.has(type)) await changed()
      }),
  })
}
