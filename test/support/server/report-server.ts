import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type AccountServices, createAccountServices } from '@peerpress/accounts'
import { createApi } from '@peerpress/api'
import { repositoryDirectory } from '@peerpress/cli'
import type { CommunityLending } from '@peerpress/community'
import { openTestCommunity } from '@peerpress/community/testing'
import {
  createAdvising,
  createEditorial,
  createLocalModels,
  type Editorial,
  noCommunity,
} from '@peerpress/editorial'
import { createInsights, createSearchConsole, type Insights, type SearchConsole } from '@peerpress/insights'
import type { GoogleServer } from '@peerpress/insights/google'
import { openRegistry, type Registry } from '@peerpress/registry'
import {
  accountRoutes,
  bodiesFrom,
  clientAddressBehind,
  createSenders,
  dashboardRoutes,
  graphqlRoute,
  publicReportRoutes,
} from '@peerpress/server'
import { type CallOptions, openStore, type Reports, type Store, StoreError } from '@peerpress/store'
import express from 'express'

/** The graph and the dashboard alone, built from their sources, on empty embedded engines. */
export interface ReportServer {
  readonly url: string
  readonly registry: Registry
  readonly store: Store
  readonly accounts: AccountServices
  readonly insights: Insights
  readonly searchConsole: SearchConsole
  readonly lending: CommunityLending
  readonly editorial: Editorial
  /** The folder of local models. */
  readonly modelsDirectory: string
  close(): Promise<void>
}

/** Only who sends this token is answered. */
export const operatorToken = 'a'.repeat(64)

/** A local server that speaks Google's protocol. */
export interface ReportServerOptions {
  readonly google?: Pick<GoogleServer, 'client' | 'endpoints'>
  /**
   * Names of the store's reports that do not answer in time, while they are in the set; also `searchSums` and `regions`, which
   * are no reports.
   */
  readonly late?: ReadonlySet<string>
}

/** Time of a section in which some reports do not answer, ms. */
const shortSection = 6000

export async function startReportServer({ google, late }: ReportServerOptions = {}): Promise<ReportServer> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-reports-'))
  const page = join(directory, 'dashboard')
  await buildDashboard(page)
  const registry = await openRegistry({
    directory: join(directory, 'registry'),
    ledgerFile: join(directory, 'ledger.json'),
  })
  const store = await openStore({ directory: join(directory, 'store') })
  const isOperatorToken = async (token: string) => token === operatorToken
  const accounts = createAccountServices({
    registry,
    isOperatorToken,
    publicReports: false,
  })
  const insights = createInsights({ registry, store })
  let url = ''
  const searchConsole = createSearchConsole({
    registry,
    store,
    client: null,
    publicUrl: () => url,
    onImported: (site) => insights.requestAnalysis(site),
    ...google,
  })
  const answering =
    <Args extends unknown[], Answer>(name: string, load: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> =>
      late?.has(name) === true ? new Promise<Answer>(() => undefined) : load(...args)
  const parts = openTestCommunity({ registry, store })
  const editorial = createEditorial({ registry, store, insights, community: noCommunity })
  const modelsDirectory = join(directory, 'models')
  const localModels = createLocalModels(modelsDirectory)
  const documents = await readFile(join(page, 'documents.json'), 'utf8')
  const api = createApi({
    registry,
    store: late === undefined ? store : { ...store, reportsFor: (call) => lateReports(store, call, late) },
    ...(late !== undefined && { sectionTime: shortSection }),
    insights: { ...insights, regions: answering('regions', (id: string) => insights.regions(id)) },
    searchConsole: {
      ...searchConsole,
      sums: answering('searchSums', (...of: Parameters<typeof searchConsole.sums>) =>
        searchConsole.sums(...of),
      ),
    },
    ...parts,
    advising: createAdvising({ registry, store }),
    localModels,
    editorial,
    accounts: { ...accounts, rotateOperatorToken: async () => undefined },
    publisher: { publish: () => Promise.resolve() },
    keeping: {
      ...store,
      removeSite: async (site) => ({
        wasRegistered: await registry.sites.remove(site),
        views: await store.removeSite(site),
      }),
    },
    hasMail: true,
    keys: { rotateSigningKey: (site, options) => registry.sites.rotateSigningKey(site, options) },
    documents: new Map(Object.entries(JSON.parse(documents) as Record<string, string>)),
  })
  const clientAddress = clientAddressBehind([])
  const bodies = bodiesFrom(clientAddress)
  const senders = createSenders({ credentials: accounts.credentials, clientAddress, publicUrl: undefined })
  const app = express()
  app.use(accountRoutes({ registry, accounts, isOperatorToken, senders, bodies, publicUrl: undefined }))
  app.use(graphqlRoute({ api: () => api, bodies, senders, dashboardDirectory: page, persistedOnly: false }))
  app.use(publicReportRoutes({ registry, api: () => api, clientAddress }))
  app.use(dashboardRoutes(page))
  const server = createServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    searchConsole,
    registry,
    store,
    accounts,
    insights,
    lending: parts.lending,
    editorial,
    modelsDirectory,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await localModels.close()
      await editorial.close()
      await store.close()
      await registry.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The reports of a call, of which those that are late end as the engine ends a query that is cancelled. */
function lateReports(store: Store, call: CallOptions, late: ReadonlySet<string>): Reports {
  return new Proxy(store.reportsFor(call), {
    get: (reports, name) =>
      late.has(String(name))
        ? () =>
            new Promise((_resolve, reject) => {
              const end = () => reject(new StoreError('aborted', 'The query was cancelled.'))
              call.signal?.addEventListener('abort', end, { once: true })
            })
        : Reflect.get(reports, name),
  })
}

async function buildDashboard(outDirectory: string): Promise<void> {
  const vite = fileURLToPath(new URL('node_modules/vite/bin/vite.js', repositoryDirectory))
  const child = spawn(
    process.execPath,
    [vite, 'build', '--logLevel', 'error', '--outDir', outDirectory, '--emptyOutDir'],
    {
      cwd: fileURLToPath(new URL('packages/dashboard', repositoryDirectory)),
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  )
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('the dashboard does not build')
}
