import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const origin = 'http://127.0.0.1:8080'
const server = await startServerProcess()
after(() => server.close())

/** Views and origin bytes of the site, as the graph tells them. */
async function figures(siteId: string): Promise<{ views: number; origin: number }> {
  const { site } = await graphqlClient(server.url).query<{
    site: { report: { totals: { views: number; delivery: { bytes: { origin: number } } } } }
  }>(
    `query($siteId: String!, $range: RangeInput!) {
      site(siteId: $siteId) { report(range: $range) { totals { views delivery { bytes { origin } } } } }
    }`,
    { siteId, range: { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) } },
  )
  const { totals } = site.report
  return { views: totals.views, origin: totals.delivery.bytes.origin }
}

test('every beacon that was answered 204 survives kill -9 of the server, and none counts twice', async () => {
  const { siteId } = await addSite(server, `${origin}/`)
  let answered = 0
  const answeredBeacons: ReturnType<typeof sampleBeacon>[] = []
  for (let round = 0; round < 3; round++) {
    const wave = Array.from({ length: 100 }, () => sampleBeacon(siteId))
    // The kill comes while the second half is on its way: those may or may not have been answered.
    const firstHalf = await Promise.all(
      wave.slice(0, 50).map((beacon) => postBeacon({ server: server.url, beacon, origin })),
    )
    assert.ok(firstHalf.every(({ status }) => status === 204))
    answered += 50
    answeredBeacons.push(...wave.slice(0, 50))
    const secondHalf = wave.slice(50).map(async (beacon) => {
      const response = await postBeacon({ server: server.url, beacon, origin }).catch(() => undefined)
      return response?.status === 204 ? beacon : undefined
    })
    await server.kill()
    const kept = (await Promise.all(secondHalf)).filter((beacon) => beacon !== undefined)
    answered += kept.length
    answeredBeacons.push(...kept)
    await server.restart()
  }
  const views = await eventually(`all ${answered} answered beacons in the report`, async () => {
    const found = await figures(siteId)
    return found.views >= answered ? found.views : undefined
  })
  // A beacon on disk whose 204 the kill cut off may be there as well, but none twice.
  assert.ok(views <= 300)

  // What a browser's retry does: the same snapshots once more.
  await Promise.all(answeredBeacons.map((beacon) => postBeacon({ server: server.url, beacon, origin })))
  const marker = sampleBeacon(siteId)
  await postBeacon({ server: server.url, beacon: marker, origin })
  const last = await eventually('the beacon after the replayed ones', async () => {
    const found = await figures(siteId)
    return found.views > views ? found : undefined
  })
  assert.equal(last.views, views + 1)
  assert.equal(last.origin, 1000 * (views + 1))
})
