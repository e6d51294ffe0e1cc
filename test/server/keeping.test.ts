import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const server = await startServerProcess()
after(() => server.close())
const where = ['--server', server.url, '--data', server.dataDirectory, '--json']
let nextPort = 8080

/** A site with as many views, and its origin. */
async function measuredSite(views: number): Promise<{ siteId: string; origin: string }> {
  const origin = `http://127.0.0.1:${nextPort++}`
  const { siteId } = await addSite(server, `${origin}/`)
  for (let view = 0; view < views; view++) await send(siteId, origin)
  await eventually('the views in the report', async () => (await viewsOf(siteId)) === views || undefined)
  return { siteId, origin }
}

async function send(siteId: string, origin: string): Promise<number> {
  const beacon = sampleBeacon(siteId, { url: `${origin}/a-post/` })
  return (await postBeacon({ server: server.url, beacon, origin })).status
}

async function viewsOf(siteId: string): Promise<number | null> {
  const { site } = await graphqlClient(server.url).query<{
    site: { report: { totals: { views: number } } } | null
  }>(
    'query($siteId: String!, $range: RangeInput!) { site(siteId: $siteId) { report(range: $range) { totals { views } } } }',
    { siteId, range: { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) } },
  )
  return site?.report.totals.views ?? null
}

test('"site remove" asks where nobody can answer, and then removes what it was told to, for good', async () => {
  const { siteId, origin } = await measuredSite(3)
  const other = await measuredSite(2)
  const asked = await peerpress('site', 'remove', siteId, ...where)
  assert.equal(asked.code, 2)
  assert.match(asked.stderr, new RegExp(`${origin}/ \\(${siteId}\\).*--yes`))
  assert.equal(await viewsOf(siteId), 3)

  const removed = await peerpress('site', 'remove', siteId, '--yes', ...where)
  assert.deepEqual([removed.code, JSON.parse(removed.stdout)], [0, { wasRegistered: true, views: 3 }])
  assert.equal(await viewsOf(siteId), null)
  // Whatever the collector still remembers of the site, nothing of it may be stored.
  await send(siteId, origin)
  await server.kill()
  await server.restart()
  assert.equal(await send(siteId, origin), 404)
  const again = await peerpress('site', 'remove', siteId, '--yes', ...where)
  assert.deepEqual([again.code, JSON.parse(again.stdout)], [1, { wasRegistered: false, views: 0 }])
  assert.equal(await viewsOf(other.siteId), 2)
})

test('"site retain" says how long, "site remove-visitor" finds nobody, and both name what is wrong', async () => {
  const { siteId } = await measuredSite(1)
  const retained = await peerpress('site', 'retain', siteId, '90', ...where)
  assert.deepEqual([retained.code, JSON.parse(retained.stdout)], [0, { retentionDays: 90 }])
  const standard = await peerpress('site', 'retain', siteId, 'default', ...where)
  assert.deepEqual(JSON.parse(standard.stdout), { retentionDays: 400 })
  const nobody = await peerpress('site', 'remove-visitor', siteId, '12', '2026-05-01', '--yes', ...where)
  assert.deepEqual([nobody.code, JSON.parse(nobody.stdout)], [1, { views: 0 }])
  for (const words of [
    ['retain', siteId, 'ever'],
    ['remove-visitor', siteId, '12', 'yesterday', '--yes'],
    ['remove'],
  ]) {
    assert.equal((await peerpress('site', ...words, ...where)).code, 2, words.join(' '))
  }
  assert.equal((await peerpress('site', 'retain', siteId, '0', ...where)).code, 1)
})
