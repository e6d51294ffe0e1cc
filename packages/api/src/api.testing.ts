import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CommunityLending } from '@peerpress/community'
import { openTestCommunity } from '@peerpress/community/testing'
import { createAdvising } from '@peerpress/editorial'
import { createInsights, createSearchConsole, type Insights, InsightsError } from '@peerpress/insights'
import { createEditorial, createLocalModels, noCommunity } from '@peerpress/editorial'
import { createPublisher } from '@peerpress/publisher'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store, type ViewRow } from '@peerpress/store'
import { type AccountServices, createAccountServices, type Principal } from '@peerpress/accounts'
import type { Keeping } from './context.ts'
import { type Api, type ApiOptions, createApi } from './create-api.ts'
import type { Sender } from './sender.ts'

/** An API on real embedded engines in a temporary folder, and the bearer tokens `operator` and `reader`. */
export interface TestApi {
  readonly api: SendingApi
  /** The dependencies of `api`, to create another one. */
  readonly sources: ApiOptions
  readonly registry: Registry
  readonly store: Store
  readonly keeping: Keeping
  /** Sign-in, sessions and tokens on the same registry. */
  readonly accounts: AccountServices
  readonly insights: Insights
  readonly lending: CommunityLending
  /** Every post that was submitted for publication. */
  readonly published: string[][]
  close(): Promise<void>
}

export async function openTestApi(): Promise<TestApi> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-api-'))
  const ledgerFile = join(directory, 'ledger.json')
  const registry = await openRegistry({ directory: join(directory, 'registry'), ledgerFile })
  const store = await openStore({ directory: join(directory, 'store') })
  const published: string[][] = []
  const publisher = createPublisher({ registry, directory: join(directory, 'assets') })
  const publish = async (site: string, post: string, url: string) => {
    await publisher.publish(site, post, url)
    published.push([site, post, url])
  }
  const keeping: Keeping = {
    ...store,
    removeSite: async (site) => ({
      wasRegistered: await registry.sites.remove(site),
      views: await store.removeSite(site),
    }),
  }
  const accounts = createAccountServices({
    registry,
    isOperatorToken: async () => false,
    publicReports: false,
  })
  const insights = createInsights({ registry, store })
  const searchConsole = createSearchConsole({
    registry,
    store,
    client: { id: 'client', secret: 'secret' },
    publicUrl: () => 'https://peerpress.test',
    onImported: async () => undefined,
  })
  const connect = (site: string) =>
    registry.searchConnections.connect({ site, kind: 'oauth', account: null, credential: 'refresh' })
  const { community, moderation, lending } = openTestCommunity({ registry, store })
  const editorial = createEditorial({ registry, store, insights, community: noCommunity })
  const sources = {
    registry,
    store,
    insights,
    searchConsole: {
      ...searchConsole,
      // No test of the graph asks Google: its own tests are those of insights. The state of a consent is its site here.
      complete: async (
        { state }: { readonly state: string },
        by: { readonly may: (site: string) => boolean },
      ) => {
        if (!by.may(state)) throw new InsightsError('bad-consent', 'The consent is unknown or too old.')
        return connect(state)
      },
      connectByKey: connect,
      properties: async () => ['sc-domain:blog.test'],
      choose: async (site: string, property: string) =>
        (await registry.searchConnections.choose(site, property)) ?? connect(site),
      disconnect: (site: string) => registry.searchConnections.remove(site),
    },
    lending,
    moderation,
    community,
    advising: createAdvising({ registry, store }),
    editorial,
    // The walk over the graph calls every mutation; nothing is installed and nothing fetched then.
    localModels: {
      ...createLocalModels(join(directory, 'models')),
      beginInstalling: () => undefined,
      beginFetching: () => undefined,
    },
    publisher: { publish },
    keeping,
    keys: publisher,
    hasMail: true,
    accounts: { ...accounts, rotateOperatorToken: async () => undefined },
  }
  return {
    api: sendingApi(sources),
    sources,
    registry,
    store,
    keeping,
    accounts,
    insights,
    lending,
    published,
    close: async () => {
      await publisher.stop()
      await editorial.close()
      await store.close()
      await registry.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A principal of tests by a short name: the operator's token, or anybody on a server with public reports, or nobody. */
export type Viewer = 'operator' | 'reader' | 'nobody'

/** The API, which takes the sender of a request from its argument, else from its bearer token: a `Viewer`. */
export interface SendingApi {
  fetch(url: string, init?: RequestInit, principal?: Principal): Promise<Response>
}

/** Creates an API whose requests name their principal themselves. */
export function sendingApi(options: ApiOptions): SendingApi {
  const api: Api = createApi(options)
  return {
    fetch: async (url, init = {}, principal?: Principal) => {
      const text = new Headers(init.headers).get('authorization')?.replace('Bearer ', '') ?? 'nobody'
      return api.fetch(url, init, { sender: senderOf(principal ?? text) })
    },
  }
}

/** Returns a sender that may change something, and stays who it is. */
export function senderOf(sent: Principal | string): Sender {
  const principal = typeof sent === 'string' ? principalOf(sent) : sent
  return { principal, renew: async () => principal, mutationRefusal: null, network: '192.0.2.0/24' }
}

/** The holder of the operator token. */
export const operator: Principal = { kind: 'administrator', account: null }

function principalOf(text: string): Principal {
  if (text === 'operator') return operator
  if (text === 'reader') return { kind: 'reader' }
  return { kind: 'nobody' }
}

/** A response of the API, loosely typed. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- the query decides the shape
  readonly data: any
  readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

/** Sends one operation by POST. */
export async function ask(
  api: SendingApi,
  query: string,
  {
    variables = {},
    viewer = 'operator',
  }: { readonly variables?: object; readonly viewer?: Viewer | Principal } = {},
): Promise<Answer> {
  const init = {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
    },
    body: JSON.stringify({ query, variables }),
  }
  const principal = typeof viewer === 'string' ? principalOf(viewer) : viewer
  const response = await api.fetch('http://api.test/graphql', init, principal)
  return readAnswer(response)
}

export async function readAnswer(response: Response): Promise<Answer> {
  const { data, errors = [] } = (await response.json()) as Partial<Answer>
  return { status: response.status, headers: response.headers, data, errors }
}

/** Returns an ordinary view of a site with the values in `given`. */
export function viewRow(given: Partial<ViewRow> & Pick<ViewRow, 'site' | 'started_at'>): ViewRow {
  return {
    view: crypto.randomUUID(),
    sequence: 1,
    received_at: given.started_at,
    url: 'https://blog.test/post/',
    post: null,
    arm: 'assisted',
    country: null,
    device: null,
    browser: null,
    navigation: 'navigate',
    referrer: null,
    referrer_class: null,
    search_engine: null,
    assistant: null,
    campaign_source: null,
    campaign_medium: null,
    campaign_name: null,
    campaign_term: null,
    campaign_content: null,
    session: null,
    landing: null,
    connection: null,
    lcp: null,
    inp: null,
    cls: null,
    fcp: null,
    ttfb: null,
    load: null,
    lcp_target: null,
    lcp_url: null,
    lcp_time_to_first_byte: null,
    lcp_resource_load_delay: null,
    lcp_resource_load_duration: null,
    lcp_element_render_delay: null,
    inp_target: null,
    inp_input_delay: null,
    inp_processing_duration: null,
    inp_presentation_delay: null,
    cls_target: null,
    has_delivery: false,
    assets_complete: 0,
    assets_failed: 0,
    bytes_peer: 0,
    bytes_seed: 0,
    bytes_mirror: 0,
    bytes_origin: 0,
    bytes_cache: 0,
    wrong_bytes: 0,
    rejected_chunks: 0,
    dropped_peers: 0,
    fallbacks: 0,
    peers: 0,
    uploaded: 0,
    engaged_ms: 0,
    scroll_depth: 0,
    ...given,
  }
}

/** Encodes rows for the store. */
export function ndjson(rows: readonly ViewRow[]): Buffer {
  return Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
}
