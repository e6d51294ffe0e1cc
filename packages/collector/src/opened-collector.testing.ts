import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'node:test'
import type { DropRow } from '@peerpress/store'
import { rowsIn, siteId, siteOrigin, storeWith, limits } from './beacon.testing.ts'
import { type Collector, type CollectorOptions, openCollector } from './collector.ts'

/** The time of the collector's clock, unless a test sets another clock. */
export const receivedAt = Date.UTC(2026, 2, 8, 12)

/** A collector for each test, in its own directory, and the rows that it inserted. To be created in a `describe`. */
export class OpenedCollector {
  directory = ''
  inserted: {
    view: string
    sequence: number
    country: string | null
    started_at: string
    visitor?: string
  }[] = []
  bots: { view: string; sign: string; agent: string | null; snapshot: string }[] = []
  drops: DropRow[] = []
  #current: Collector | undefined

  constructor() {
    beforeEach(async () => {
      this.directory = await mkdtemp(join(tmpdir(), 'collector-'))
      this.inserted = []
      this.bots = []
      this.drops = []
    })
    afterEach(async () => {
      await this.#current?.close()
      await rm(this.directory, { recursive: true, force: true })
    })
  }

  async open(options: Partial<CollectorOptions> = {}): Promise<Collector> {
    this.#current = await openCollector({
      ...limits,
      directory: this.directory,
      store: storeWith(async (rows, table) => {
        const rowsOfTable: unknown[] = { views: this.inserted, bots: this.bots, drops: this.drops }[table]
        rowsOfTable.push(...rowsIn(rows))
      }),
      site: async (id) => (id === siteId ? { origins: [siteOrigin, 'https://www.blog.example'] } : null),
      now: () => receivedAt,
      ...options,
    })
    return this.#current
  }
}
