import type { Viewer } from '@peerpress/api'
import type { Publisher } from '@peerpress/publisher'
import compression from 'compression'
import express, { type Express } from 'express'
import { dashboardDirectory } from '../bundles.ts'
import type { ServerConfig } from '../config/config.ts'
import type { Engines } from '../engines.ts'
import type { Bodies } from '../entry/bodies.ts'
import type { ClientAddress } from '../entry/client-address.ts'
import { problemHandler, sendProblem } from '../entry/problem.ts'
import type { OperatorToken } from '../operator-token.ts'
import type { RoleName } from '../roles/role-names.ts'
import type { ServerRoles } from '../roles/server-roles.ts'
import { ServerError } from '../server-error.ts'
import { backupRoutes } from './backups.ts'
import { beaconPreflight } from './beacons.ts'
import { connectRoutes } from './connect.ts'
import { disconnectRoutes } from './disconnect.ts'
import { exportRoutes } from './exports.ts'
import { graphqlRoute } from './graphql.ts'
import { healthRoutes, type HealthOptions } from './health.ts'
import { policyRoutes } from './policies.ts'
import { postRoutes } from './posts.ts'
import { receiptRoutes } from './receipts.ts'
import { scriptRoutes } from './scripts.ts'
import { ticketRoutes } from './tickets.ts'

export interface AppOptions {
  readonly config: ServerConfig
  readonly engines: Engines
  readonly roles: ServerRoles
  readonly publisher: Publisher
  readonly operatorToken: OperatorToken
  readonly viewerOf: (authorization: string | null | undefined) => Viewer
  readonly clientAddress: ClientAddress
  readonly bodies: Bodies
  readonly health: HealthOptions
  /** Where the server is reached: known once it listens. */
  readonly publicUrl: () => string
}

/**
 * The routes of the configured roles, those of every server (scripts, health), and 404 for all else. While a role does not
 * run, its routes answer 503.
 */
export function createApp(options: AppOptions): Express {
  const { config, engines, roles, publisher, operatorToken, viewerOf } = options
  const { clientAddress, bodies, health, publicUrl } = options
  const { registry, store } = engines
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  const { tracker, collector, api } = roles
  if (collector !== null) app.use(beaconPreflight())
  if (tracker !== null) {
    const issuer = {
      issueTicket: async (holder: Holder) => running('tracker', tracker.tracker()).issueTicket(holder),
    }
    app.use(ticketRoutes({ registry, publisher, tracker: issuer, operatorToken, clientAddress }))
  }
  if (roles.publisher !== null) {
    app.use(postRoutes({ publisher, bodies, mirrors: config.mirrors }))
    app.use(policyRoutes({ registry, publisher, bodies }))
    app.use(disconnectRoutes({ publisher, bodies }))
    app.use(receiptRoutes({ publisher, bodies }))
  }
  app.use(scriptRoutes())
  if (api !== null && store !== null) {
    app.use(exportRoutes({ registry, store, operatorToken }))
    if (collector !== null) {
      const opened = () => running('collector', collector.collector())
      const { dataDirectory } = config
      app.use(backupRoutes({ registry, store, collector: opened, operatorToken, dataDirectory }))
    }
    app.use(connectRoutes({ registry, operatorToken, bodies, publicUrl }))
  }
  app.use(healthRoutes(health))
  app.use(compression())
  if (api !== null) {
    app.use(graphqlRoute({ api: () => running('api', api.api()), bodies, viewerOf }))
    app.use(dashboard())
  }
  app.use((_request, response) => {
    sendProblem(response, { status: 404, code: 'not-found', detail: 'There is nothing at this address.' })
  })
  app.use(problemHandler)
  return app
}

type Holder = Parameters<Parameters<typeof ticketRoutes>[0]['tracker']['issueTicket']>[0]

/** @throws {ServerError} `role-unavailable`, which is answered as 503, while the role does not run. */
function running<T>(role: RoleName, part: T | null): T {
  if (part !== null) return part
  throw new ServerError('role-unavailable', `The ${role} does not run at the moment; try again later.`)
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
