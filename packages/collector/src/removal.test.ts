import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore, StoreError } from '@peerpress/store'
import { beaconOf, requestOf, siteId, siteOrigin, limits } from './beacon.testing.ts'
import { openCollector } from './collector.ts'

test(
  'beacons of a removed site that still wait in the log never reach the store; those of others do',
  { timeout: 60_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'collector-removal-'))
    const other = 'z'.repeat(16)
    const store = await openStore({ directory: join(directory, 'store') })
    const site = async () => ({ origins: [siteOrigin] })
    const range = { from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 86_400_000) }
    const viewsOf = async (id: string) => (await store.totals({ site: id, ...range })).views
    let collector = await openCollector({ ...limits, directory: join(directory, 'beacons'), store, site })
    const away: typeof store = {
      ...store,
      insertViews: () => Promise.reject(new StoreError('unavailable', 'away')),
    }
    try {
      const receive = async (first: number) => {
        for (let view = first; view < first + 20; view++) {
          const { accepted } = await collector.receive(
            requestOf(beaconOf(view, view % 2 ? { site: other } : {})),
          )
          assert.ok(accepted)
        }
      }
      await receive(0)
      await collector.flush()
      assert.equal(await viewsOf(siteId), 10)
      // These are acknowledged and on disk, and not in the store.
      await collector.close()
      collector = await openCollector({ ...limits, directory: join(directory, 'beacons'), store: away, site })
      await receive(100)
      await collector.close()
      assert.equal(await store.removeSite(siteId), 10)
      collector = await openCollector({ ...limits, directory: join(directory, 'beacons'), store, site })
      // The collector's cache still has the site.
      await receive(200)
      await collector.flush()
      assert.equal(collector.counts()['store-failure'], 0)
      assert.deepEqual([await viewsOf(siteId), await viewsOf(other)], [0, 30])
    } finally {
      await collector.close()
      await store.close()
      await rm(directory, { recursive: true, force: true })
    }
  },
)
