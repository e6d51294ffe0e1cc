import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore } from '../open-store.ts'
import { ndjson, range, sampleRows } from '../random-rows.testing.ts'

test('sites with more views than are read exactly have queries of their own', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'store-sites-'))
  const store = await openStore({ directory, exactViews: 60 })
  t.after(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })
  const sites = [40, 80, 35, 30, 0].map((views, i) => ({ site: `site${i}`, views }))
  for (const { site, views } of sites.slice(0, 4)) {
    await store.insertViews(ndjson(sampleRows(views).map((row) => ({ ...row, site }))), site)
  }
  const query = { ...range, metrics: ['reliability.viewsWithAssets'] as const }
  const viewsOf = (points: Awaited<ReturnType<typeof store.series>> | undefined) =>
    points?.map(({ start, metrics: { views, reliability } }) => [start, views, reliability.viewsWithAssets])
  const together = await store.seriesOfSites({ ...query, sites: sites.map(({ site }) => site) }, 'HOUR')
  assert.equal(together.size, 5)
  for (const { site } of sites) {
    const own = await store.series({ ...query, site }, 'HOUR')
    assert.deepEqual(viewsOf(together.get(site)), viewsOf(own), site)
  }
})
