import { mkdir } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createApi } from '@peerpress/api'
import { openCollector, openCountryFile } from '@peerpress/collector'
import { createPublisher } from '@peerpress/publisher'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { createTracker } from '@peerpress/tracker'
import compression from 'compression'
import express, { type Express } from 'express'
import { dashboardDirectory, requireBundles } from './bundles.ts'
import { clientAddressBehind } from './client-address.ts'
import type { ServerConfig } from './config.ts'
import { OperatorToken } from './operator-token.ts'
import { problemHandler, sendProblem } from './problem.ts'
import { beaconPreflight, beaconReceiver } from './routes/beacons.ts'
import { connectRoutes } from './routes/connect.ts'
import { exportRoutes } from './routes/exports.ts'
import { healthRoutes } from './routes/health.ts'
import { postRoutes } from './routes/posts.ts'
import { scriptRoutes } from './routes/scripts.ts'
import { ticketRoutes } from './routes/tickets.ts'
import { ServerError } from './server-error.ts'
import { storeLocation } from './store-of.ts'

/** A server that listens. */
export interface RunningServer {
  /** Where it listens: `http://host:port`. */
  readonly url: string
  /** Ends connections, lets work in hand finish, writes what is in memory and closes the engines. */
  close(): Promise<void>
}

/** Composes all roles in this process and listens; resolves once every engine is open. */
export async function startServer(config: ServerConfig): Promise<RunningServer> {
  await requireBundles()
  const clientAddress = clientAddressBehind(config.trustProxy)
  await mkdir(config.dataDirectory, { recursive: true })
  const closers: (() => Promise<void>)[] = []
  const closeAll = async () => {
    for (const close of closers.splice(0).toReversed()) await close()
  }
  const opened = async <T extends { close(): Promise<void> }>(resource: Promise<T> | T): Promise<T> => {
    const value = await resource
    closers.push(() => value.close())
    return value
  }

  try {
    const folder = (name: string) => join(config.dataDirectory, name)
    const registry = await opened(
      openRegistry(
        config.postgresUrl === undefined ? { directory: folder('registry') } : { url: config.postgresUrl },
      ),
    )
    const store = await opened(openStore({ ...storeLocation(config), retention: config.retentionDays }))
    closers.push(learnRemovals(store))
    closers.push(keepRolledUp(store))
    const collector = await opened(
      openCollector({
        directory: folder('beacons'),
        store,
        site: (id) => registry.sites.get(id),
        maxPerNetwork: config.beaconsPerNetwork,
        maxPerSite: config.beaconsPerSite,
        maxLogBytes: config.maxLogBytes,
        cityFile: config.cityFile,
        asnFile: config.asnFile,
        onStoreFailure: (error) => console.error('beacons wait on disk, the store did not take them:', error),
        onNotice: (notice, error) => console.error(error === null ? notice : `${notice}: ${error.message}`),
      }),
    )
    const publisher = createPublisher({ registry, directory: folder('assets') })
    publisher.onJobDone((outcome) => {
      if (outcome.result !== 'failed') return
      const { site, post, attempt, code } = outcome
      console.error(`publishing post ${post} of site ${site} failed (${code}), attempt ${attempt}`)
    })
    await publisher.start()
    closers.push(() => publisher.stop())
    const tracker = await opened(
      createTracker({
        ticketKey: await registry.secret('ticket-key'),
        iceServers: config.iceServers,
        relayOnly: config.relayOnly,
        minPeersPerRoom: config.minSwarm,
        countryOf: await openCountryFile(),
        chunkHash: (asset, index) => registry.assets.chunkHash(asset, index),
      }),
    )
    const operatorToken = await OperatorToken.open(registry, config.dataDirectory)
    const api = createApi({
      registry,
      store,
      publisher,
      keeping: {
        ...store,
        // The registry first: from then on nothing new comes. What is on its way the store refuses.
        removeSite: async (site) => ({
          wasRegistered: await publisher.removeSite(site),
          views: await store.removeSite(site),
        }),
      },
      authorize: (request) => {
        if (operatorToken.isIn(request.headers.get('Authorization'))) return 'operator'
        return config.publicReports ? 'reader' : 'nobody'
      },
    })

    let url = ''
    const app = createApp()
    app.use(beaconPreflight())
    app.use(ticketRoutes({ registry, tracker, operatorToken, clientAddress }))
    app.use(postRoutes(publisher, config.mirrors))
    app.use(scriptRoutes())
    app.use(exportRoutes({ registry, store, operatorToken }))
    app.use(connectRoutes({ registry, operatorToken, publicUrl: () => config.publicUrl ?? url }))
    app.use(healthRoutes({ ready: () => askEngines(registry, store), collector, tracker }))
    app.use(compression())
    app.use('/graphql', api)
    app.use(dashboard())
    app.use((_request, response) => {
      sendProblem(response, { status: 404, code: 'not-found', detail: 'There is nothing at this address.' })
    })
    app.use(problemHandler((error) => console.error(error)))

    const takesBeacon = beaconReceiver(collector, clientAddress)
    const http = createServer((request, response) => {
      if (!takesBeacon(request, response)) app(request, response)
    })
    http.on('upgrade', (request, socket, head) => {
      if (new URL(request.url ?? '/', 'http://server').pathname === '/v1/tracker') {
        tracker.upgrade(request, socket, head, clientAddress(request))
      } else {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      }
    })
    url = await listen(http, config)
    closers.push(async () => {
      const stopped = stopListening(http)
      // Open WebSockets would keep the listener from ending.
      await tracker.close()
      await stopped
    })
    return { url, close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}

/** Other servers of the same store remove, too. What cannot be learned now is learned the next time. */
function learnRemovals(store: Store): () => Promise<void> {
  const timer = setInterval(() => {
    store.enforceRemovals().catch((error: unknown) => console.error('removals were not learned:', error))
  }, 3_600_000)
  return async () => clearInterval(timer)
}

/** Keeps the store's rollups close to what came in; what fails now is added up the next time. */
function keepRolledUp(store: Store): () => Promise<void> {
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const later = (ms: number) => setTimeout(() => (running = roll()), ms)
  // What came in while there was no server, or was left by the one before, need not wait.
  let timer = later(1000)
  const roll = async (): Promise<void> => {
    const isDone = await store.roll(stopping.signal).catch((error: unknown) => {
      console.error('views were not added up:', error)
      return true
    })
    if (!stopping.signal.aborted) timer = later(isDone ? rollEveryMs : 1000)
  }
  return async () => {
    stopping.abort()
    clearTimeout(timer)
    await running
  }
}

const rollEveryMs = 60_000

/** Resolves when both engines answer a question. */
async function askEngines(registry: Registry, store: Store): Promise<void> {
  const question = { site: '0'.repeat(16), from: new Date(0), to: new Date(1), filter: {} }
  await Promise.all([registry.sites.list(), store.totals(question)])
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

async function listen(http: Server, { host, port }: ServerConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new ServerError(
              'address-in-use',
              `${host}:${port} is taken. Stop what listens there or choose another port with --port.`,
              { cause },
            )
          : cause,
      )
    })
    http.listen(port, host, resolve)
  })
  const address = http.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

async function stopListening(http: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    http.close(() => resolve())
    http.closeIdleConnections()
    // WebSockets were closed by the tracker's drain; what is still open after a moment is a stuck client.
    setTimeout(() => http.closeAllConnections(), 2000).unref()
  })
}
