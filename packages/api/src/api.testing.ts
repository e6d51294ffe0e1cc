import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPublisher } from '@peerpress/publisher'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store, type ViewRow } from '@peerpress/store'
import type { Keeping, Viewer } from './context.ts'
import { type Api, createApi } from './create-api.ts'

/** An API on real embedded engines in a temporary folder, and the bearer tokens `operator` and `reader`. */
export interface TestApi {
  readonly api: Api
  readonly registry: Registry
  readonly store: Store
  readonly keeping: Keeping
  /** Every post that was submitted for publication. */
  readonly published: string[][]
  close(): Promise<void>
}

export async function openTestApi(): Promise<TestApi> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-api-'))
  const registry = await openRegistry({ directory: join(directory, 'registry') })
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
  const api = createApi({ registry, store, publisher: { publish }, keeping, authorize })
  return {
    api,
    registry,
    store,
    keeping,
    published,
    close: async () => {
      await publisher.stop()
      await store.close()
      await registry.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Reads the viewer from the header, which suffices where only the result matters. */
export function authorize(request: Request): Viewer {
  const token = request.headers.get('authorization')
  if (token === 'Bearer operator') return 'operator'
  return token === 'Bearer reader' ? 'reader' : 'nobody'
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
  api: Api,
  query: string,
  { variables = {}, viewer = 'operator' }: { readonly variables?: object; readonly viewer?: Viewer } = {},
): Promise<Answer> {
  const response = await api.fetch('http://api.test/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${viewer}`,
    },
    body: JSON.stringify({ query, variables }),
  })
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
