import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRegistry, type Registry } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { type GoogleServer, googleRow, startGoogle } from './google.testing.ts'
import { createSearchConsole, type SearchConsole, type SearchConsoleOptions } from './search-console.ts'

export const property = 'sc-domain:garden.example'
export const dayMs = 86_400_000
const input = { consent: 'assumed', allowPrivateAddresses: false } as const
/** 11:00 in California on 10 March 2026, two days after the clocks changed. */
const start = Date.UTC(2026, 2, 10, 18)

type SearchSum = Awaited<ReturnType<Store['searchSums']>>[number]

/** Search Console beside a server that speaks Google's protocol, on real engines in a temporary folder. */
export interface TestSearchConsole {
  readonly directory: string
  readonly registry: Registry
  readonly store: Store
  readonly google: GoogleServer
  /** ms since the Unix epoch. */
  now: number
  /** Sites whose figures were imported, in their order. */
  readonly imported: string[]
  consoleWith(given?: Partial<SearchConsoleOptions>): SearchConsole
  newSite(): Promise<string>
  /** Connects a new site to `property` by a key. */
  connected(given?: Partial<SearchConsoleOptions>): Promise<{
    readonly searchConsole: SearchConsole
    readonly site: string
  }>
  run(searchConsole: SearchConsole, site: string): Promise<void>
  /** Returns sums of all days of a property, by kind. */
  sumsOf(site: string, of?: string): Promise<ReadonlyMap<string, Omit<SearchSum, 'kind'>>>
  /** Gives Google figures of the last five days that it knows, the same each day. */
  lastDays(firstDay?: string): void
  /** Sets clock and server back to their beginning, as before each test. */
  reset(): void
  openEngines(): Promise<void>
  closeEngines(): Promise<void>
  close(): Promise<void>
}

export async function openTestSearchConsole(): Promise<TestSearchConsole> {
  const directory = await mkdtemp(join(tmpdir(), 'peerpress-search-console-'))
  const google = await startGoogle()
  const clock = { now: start }
  const open = async () => ({
    registry: await openRegistry({ directory: join(directory, 'registry'), now: () => clock.now }),
    store: await openStore({ directory: join(directory, 'store') }),
  })
  let engines = await open()
  let sites = 0
  const imported: string[] = []

  const opened: TestSearchConsole = {
    directory,
    google,
    imported,
    get registry() {
      return engines.registry
    },
    get store() {
      return engines.store
    },
    get now() {
      return clock.now
    },
    set now(ms) {
      clock.now = ms
    },
    consoleWith: (given = {}) =>
      createSearchConsole({
        ...engines,
        client: google.client,
        publicUrl: () => 'https://peerpress.example',
        onImported: async (site) => {
          imported.push(site)
        },
        endpoints: google.endpoints,
        now: () => clock.now,
        ...given,
      }),
    newSite: async () => {
      const url = `https://garden.example/${++sites}/`
      return (await engines.registry.sites.add({ ...input, url })).site.id
    },
    connected: async (given = {}) => {
      google.properties.set(property, 'siteFullUser')
      const searchConsole = opened.consoleWith(given)
      const site = await opened.newSite()
      await searchConsole.connectByKey(site, google.keyFile)
      return { searchConsole, site }
    },
    run: (searchConsole, site) => searchConsole.importSite(site, new AbortController().signal),
    sumsOf: async (site, of = property) => {
      const range = { firstDay: '2024-01-01', lastDay: '2026-12-31' }
      const sums = await engines.store.searchSums({ site, property: of, ...range })
      return new Map(sums.map(({ kind, ...sum }) => [kind, sum]))
    },
    lastDays: (firstDay = '2026-03-04') => {
      google.rows = (day, dimension) => {
        if (day < firstDay || day > '2026-03-08') return []
        if (dimension === 'date') return [googleRow('', 10, 100, 4)]
        if (dimension === 'query') return [googleRow('tea', 4, 40, 2), googleRow('pots', 1, 30, 6)]
        if (dimension === 'country')
          return [googleRow('fra', 6, 60), googleRow('zzz', 1, 1), googleRow('xyz', 1, 1)]
        return dimension === 'device'
          ? [googleRow('MOBILE', 9, 90)]
          : [googleRow('https://garden.example/a', 8, 80)]
      }
    },
    reset: () => {
      clock.now = start
      google.intercept = () => false
      google.rows = () => []
      google.firstIncomplete = null
      google.queries.length = 0
      google.properties.clear()
      imported.length = 0
    },
    openEngines: async () => {
      engines = await open()
    },
    closeEngines: async () => {
      await engines.store.close()
      await engines.registry.close()
    },
    close: async () => {
      await opened.closeEngines()
      await google.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
  return opened
}
