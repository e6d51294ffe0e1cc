import { join } from 'node:path'
import { createApi } from '@peerpress/api'
import { openCollector, openCountryFile } from '@peerpress/collector'
import { createPublisher } from '@peerpress/publisher'
import { openRegistry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { createTracker } from '@peerpress/tracker'
import compression from 'compression'
import express, { type Express } from 'express'
import { requireWholeData } from './backup/incomplete-restore.ts'
import { removeStaged } from './backup/stage-backup.ts'
import { dashboardDirectory, requireBundles } from './bundles.ts'
import { clientAddressBehind } from './entry/client-address.ts'
import type { ServerConfig } from './config/config.ts'
import { openDataFolder } from './data-folder/open-data-folder.ts'
import { watchStoreDamage } from './data-folder/watch-store-damage.ts'
import { bodiesFrom } from './entry/bodies.ts'
import { openEntry } from './entry/open-entry.ts'
import { OperatorToken } from './operator-token.ts'
import { problemHandler, sendProblem } from './entry/problem.ts'
import { keepRolledUp } from './roll-up.ts'
import { backupRoutes } from './routes/backups.ts'
import { beaconPreflight, beaconReceiver } from './routes/beacons.ts'
import { connectRoutes } from './routes/connect.ts'
import { disconnectRoutes } from './routes/disconnect.ts'
import { exportRoutes } from './routes/exports.ts'
import { graphqlRoute } from './routes/graphql.ts'
import { healthRoutes, type PartHealth } from './routes/health.ts'
import { policyRoutes } from './routes/policies.ts'
import { postRoutes } from './routes/posts.ts'
import { receiptRoutes } from './routes/receipts.ts'
import { scriptRoutes } from './routes/scripts.ts'
import { ticketRoutes } from './routes/tickets.ts'
import { type Closer, shutDown } from './shutdown.ts'
import { storeLocation } from './config/store-location.ts'
import type { UnexpectedErrors } from './metrics/unexpected-errors.ts'
import { watchPublications } from './metrics/watch-publications.ts'

/** A server that listens. */
export interface RunningServer {
  /** Where it listens: `http://host:port`. */
  readonly url: string
  /** Ends connections, gives work under way a few seconds and closes the engines: 11 s at most. Never rejects. */
  close(): Promise<void>
}

/**
 * When waiting for the parts of each stage ends, ms from the beginning of the shutdown. A supervisor usually waits 10 to
 * 30 s; what is cut off is safe: jobs and beacons are on disk, and the engine's process ends with the server's.
 */
const stages = { work: 5_000, collector: 7_500, store: 10_000, registry: 11_000 } as const

/** What is left of the store's stage for an engine that has to be killed, ms. */
const killMs = 500

/**
 * Composes all roles in this process and listens; resolves once every engine is open.
 * @param errors what `/metrics` says of errors that nothing handled
 */
export async function startServer(
  config: ServerConfig,
  { errors }: { readonly errors?: UnexpectedErrors } = {},
): Promise<RunningServer> {
  await requireBundles()
  const clientAddress = clientAddressBehind(config.trustProxy)
  await requireWholeData(config.dataDirectory)
  const dataFolder = await openDataFolder(config, (notice) => console.error(notice))
  const closers: Record<keyof typeof stages, Closer[]> = { work: [], collector: [], store: [], registry: [] }
  const report = (problem: string, error?: unknown) =>
    console.error(problem, ...(error === undefined ? [] : [error]))
  let closed: Promise<void> | undefined
  const close = () =>
    (closed ??= shutDown(
      (Object.keys(stages) as (keyof typeof stages)[]).map((stage) => ({
        until: stages[stage],
        closers: closers[stage],
      })),
      report,
    ))

  try {
    const folder = (name: string) => join(config.dataDirectory, name)
    const openingRegistry = openRegistry({
      ...(config.postgresUrl === undefined ? { directory: folder('registry') } : { url: config.postgresUrl }),
      onNotice: (notice) => console.error(notice),
    }).then((registry) => {
      closers.registry.push({ name: 'the registry', close: () => registry.close() })
      return registry
    })
    const openingStore = openStore({ ...storeLocation(config), retention: config.retentionDays }).then(
      (store) => {
        closers.store.push({ name: 'the store', close: (left) => store.close(Math.max(0, left - killMs)) })
        return store
      },
    )
    // Both engines take a second to open. When one cannot be opened, the other is closed as soon as it is open.
    await Promise.allSettled([openingRegistry, openingStore])
    const [registry, store] = await Promise.all([openingRegistry, openingStore])
    await dataFolder.complete()
    const storeDamage = await watchStoreDamage(store, (notice) => console.error(notice))
    closers.work.push({ name: 'the watch for damage', close: () => storeDamage.stop() })
    closers.work.push({ name: 'the removals', close: learnRemovals(store) })
    closers.work.push({ name: 'the rollups', close: keepRolledUp(store) })
    const collector = await openCollector({
      directory: folder('beacons'),
      store,
      site: (id) => registry.sites.get(id),
      maxPerNetwork: config.beaconsPerNetwork,
      maxPerSite: config.beaconsPerSite,
      maxLogBytes: config.maxLogBytes,
      cityFile: config.cityFile,
      asnFile: config.asnFile,
      onStoreFailure: (error) =>
        console.error(
          `beacons wait on disk, the store did not take them: ${error instanceof Error ? error.message : String(error)}`,
        ),
      onNotice: (notice, error) => console.error(error === null ? notice : `${notice}: ${error.message}`),
    })
    closers.collector.push({ name: 'the collector', close: () => collector.close() })
    const publisher = createPublisher({ registry, directory: folder('assets') })
    const publications = watchPublications(publisher, (notice) => console.error(notice))
    await removeStaged(config.dataDirectory)
    await publisher.start()
    closers.work.push({ name: 'the publisher', close: () => publisher.stop() })
    const tracker = createTracker({
      ticketKey: await registry.secret('ticket-key'),
      iceServers: config.iceServers,
      relayOnly: config.relayOnly,
      minPeersPerRoom: config.minSwarm,
      countryOf: await openCountryFile(),
      chunkHash: (asset, index) => registry.assets.chunkHash(asset, index),
      policies: (sites) => registry.sites.policies(sites),
      onFailure: (error) => console.error('the tracker failed:', error),
    })
    closers.work.push({ name: 'the tracker', close: () => tracker.close() })
    const operatorToken = await OperatorToken.open(registry, config.dataDirectory)
    const viewerOf = (authorization: string | null | undefined) => {
      if (operatorToken.isIn(authorization)) return 'operator'
      return config.publicReports ? 'reader' : 'nobody'
    }
    const api = createApi({
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

    let url = ''
    const bodies = bodiesFrom(clientAddress)
    const app = createApp()
    app.use(beaconPreflight())
    app.use(ticketRoutes({ registry, publisher, tracker, operatorToken, clientAddress }))
    app.use(postRoutes({ publisher, bodies, mirrors: config.mirrors }))
    app.use(policyRoutes({ registry, publisher, tracker, bodies }))
    app.use(disconnectRoutes({ publisher, tracker, bodies }))
    app.use(receiptRoutes({ publisher, bodies }))
    app.use(scriptRoutes())
    app.use(exportRoutes({ registry, store, operatorToken }))
    app.use(backupRoutes({ registry, store, collector, operatorToken, dataDirectory: config.dataDirectory }))
    app.use(connectRoutes({ registry, operatorToken, bodies, publicUrl: () => config.publicUrl ?? url }))
    app.use(
      healthRoutes({
        parts: { registry: () => registry.health(), store: () => storeHealth(store) },
        collector,
        tracker,
        publisher,
        bodies,
        errors,
        storeDamage,
        publications,
      }),
    )
    app.use(compression())
    app.use(graphqlRoute({ api, bodies, viewerOf }))
    app.use(dashboard())
    app.use((_request, response) => {
      sendProblem(response, { status: 404, code: 'not-found', detail: 'There is nothing at this address.' })
    })
    app.use(problemHandler)

    const entry = await openEntry({
      ...config,
      takesBeacon: beaconReceiver(collector, { bodies, clientAddress }),
      app,
      upgrade: (request, socket, head) => tracker.upgrade(request, socket, head, clientAddress(request)),
    })
    closers.work.push({ name: 'the port', close: () => entry.close() })
    url = entry.url
    return { url, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Other servers of the same store remove, too. A failed look is repeated the next time. */
function learnRemovals(store: Store): () => void {
  const timer = setInterval(() => {
    store.enforceRemovals().catch((error: unknown) => console.error('removals were not learned:', error))
  }, 3_600_000)
  return () => clearInterval(timer)
}

function storeHealth(store: Store): PartHealth {
  const { state, answeredMsAgo } = store.health()
  const last =
    answeredMsAgo === null ? 'never answered' : `last answered ${Math.round(answeredMsAgo / 1000)} s ago`
  return state === 'ready' ? { ok: true, detail: null } : { ok: false, detail: `${state}, ${last}` }
}

function createApp(): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  return app
}

/** The reports page: only its own files, nothing from elsewhere. */
function dashboard(): express.Handler {
  return express.static(dashboardDirectory, {
    setHeaders(response, path) {
      response.setHeader(
        'Content-Security-Policy',
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
      )
      response.setHeader('X-Content-Type-Options', 'nosniff')
      response.setHeader('Referrer-Policy', 'no-referrer')
      const isHashed = path.includes('/assets/')
      response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
}
