import type { AccountServices } from '@peerpress/accounts'
import type { Community, CommunityLending } from '@peerpress/community'
import type { Publisher } from '@peerpress/publisher'
import compression from 'compression'
import express, { type Express } from 'express'
import { dashboardDirectory } from '../bundles.ts'
import type { ServerConfig } from '../config/config.ts'
import type { Engines } from '../engines.ts'
import type { Bodies } from '../entry/bodies.ts'
import type { ClientAddress } from '../entry/client-address.ts'
import { problemHandler, sendProblem } from '../entry/problem.ts'
import type { Senders } from '../entry/senders.ts'
import type { OperatorToken } from '../operator-token.ts'
import type { RoleName } from '../roles/role-names.ts'
import type { ServerRoles } from '../roles/server-roles.ts'
import { ServerError } from '../server-error.ts'
import { accountRoutes } from './account.ts'
import { backupRoutes } from './backups.ts'
import { beaconPreflight } from './beacons.ts'
import { communityRoutes } from './community.ts'
import { briefRoutes } from './briefs.ts'
import { connectRoutes } from './connect.ts'
import { dashboardRoutes } from './dashboard.ts'
import { disconnectRoutes } from './disconnect.ts'
import { exportRoutes } from './exports.ts'
import { graphqlRoute } from './graphql.ts'
import { healthRoutes, type HealthOptions } from './health.ts'
import { lendingRoutes } from './lending.ts'
import { policyRoutes } from './policies.ts'
import { postPanelRoutes } from './post-panel.ts'
import { postRoutes } from './posts.ts'
import { publicReportRoutes } from './public-reports.ts'
import { receiptRoutes } from './receipts.ts'
import { reportRoutes } from './reports.ts'
import { scriptRoutes } from './scripts.ts'
import { siteCommunityRoutes } from './site-community.ts'
import { ticketRoutes } from './tickets.ts'
import { unsubscribeRoutes } from './unsubscribe.ts'
import { webhookRoutes } from './webhooks.ts'

export interface AppOptions {
  readonly config: ServerConfig
  readonly engines: Engines
  readonly roles: ServerRoles
  readonly publisher: Publisher
  readonly lending: CommunityLending
  readonly operatorToken: OperatorToken
  readonly accounts: AccountServices
  /** Null without the store. */
  readonly community: Community | null
  readonly senders: Senders
  readonly clientAddress: ClientAddress
  readonly bodies: Bodies
  readonly health: HealthOptions
  /** Returns the public address, which is known after the server listens. */
  readonly publicUrl: () => string
}

/**
 * Creates the routes of the configured roles, the routes of every server (scripts, health), and 404 for all others. While a
 * role does not run, its routes answer 503.
 */
export function createApp(options: AppOptions): Express {
  const { config, engines, roles, publisher, operatorToken, accounts, community, lending, senders } = options
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
    app.use(ticketRoutes({ registry, publisher, tracker: issuer, senders, clientAddress }))
    app.use(lendingRoutes({ registry, lending, tracker: issuer, senders, bodies, clientAddress }))
  }
  if (roles.publisher !== null) {
    app.use(postRoutes({ publisher, bodies, mirrors: config.mirrors }))
    app.use(policyRoutes({ registry, publisher, bodies }))
    app.use(disconnectRoutes({ publisher, bodies }))
    app.use(receiptRoutes({ publisher, bodies }))
    app.use(postPanelRoutes({ registry, bodies }))
    app.use(briefRoutes({ registry, bodies }))
    app.use(webhookRoutes({ registry, publisher, bodies }))
    if (community !== null) app.use(siteCommunityRoutes({ publisher, bodies, community, publicUrl }))
  }
  app.use(scriptRoutes())
  app.use(unsubscribeRoutes({ registry, bodies }))
  if (api !== null && store !== null) {
    app.use(exportRoutes({ registry, store, senders }))
    app.use(reportRoutes({ registry, store, senders, budget: api.budget }))
    const sources = { registry, store, dataDirectory: config.dataDirectory }
    app.use(
      backupRoutes({
        ...sources,
        collector: () => (collector === null ? null : running('collector', collector.collector())),
        hasAssets: roles.publisher !== null,
        senders,
      }),
    )
    const isOperatorToken = (token: string) => operatorToken.matches(token)
    const fixedUrl = config.publicUrl
    app.use(accountRoutes({ registry, accounts, isOperatorToken, senders, bodies, publicUrl: fixedUrl }))
    app.use(connectRoutes({ registry, publisher, accounts, isOperatorToken, senders, bodies, publicUrl }))
  }
  app.use(healthRoutes(health))
  app.use(compression())
  if (api !== null) {
    const runningApi = () => running('api', api.api())
    const { persistedOnly } = config
    app.use(graphqlRoute({ api: runningApi, bodies, senders, dashboardDirectory, persistedOnly }))
    app.use(publicReportRoutes({ registry, api: runningApi, clientAddress }))
    app.use(dashboardRoutes(dashboardDirectory))
    if (community !== null) app.use(communityRoutes({ community, publicUrl }))
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
