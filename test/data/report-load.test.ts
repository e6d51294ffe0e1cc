import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { seededRandom } from '@peerpress/swarm/simulation'
import { eventually } from '../support/eventually.ts'
import { addSite } from '../support/server/add-site.ts'
import { BeaconLoad } from '../support/server/beacon-load.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const server = await startServerProcess({
  PEERPRESS_BEACONS_PER_NETWORK: '0',
  PEERPRESS_BEACONS_PER_SITE: '0',
})
after(() => server.close())

interface Answer {
  readonly site: {
    readonly report: {
      readonly sections: { readonly [name: string]: unknown }
      readonly totals: { readonly views: number }
      readonly rows: {
        readonly edges: readonly { readonly node: { readonly metrics: { readonly views: number } } }[]
        readonly remainder: { readonly metrics: { readonly views: number } } | null
      } | null
    }
  }
}

const query = `query($site: String!) { site(siteId: $site) { report(lastDays: 7) {
  totals { views }
  rows(by: [POST], first: 5) { edges { node { metrics { views } } } remainder { metrics { views } } }
  sections { series(interval: HOUR) { metrics { views } } breakdown(by: COUNTRY) { metrics { views } } }
} } }`

/** More than a busy site sends in ten seconds. */
const beacons = 6000

test('while readers send without a pause, each report is answered whole, adds up, and no view is lost', async (t) => {
  const origin = 'http://127.0.0.1:8080'
  const { siteId } = await addSite(server, `${origin}/`)
  const client = graphqlClient(server.url, await server.token())
  const load = new BeaconLoad({ url: server.url, origin, sites: [siteId], random: seededRandom(2027) })
  const seen: number[] = []
  const report = async () => {
    const { site } = await client.query<Answer>(query, { site: siteId })
    const { totals, rows, sections } = site.report
    for (const [name, value] of Object.entries(sections)) assert.notEqual(value, null, name)
    assert.ok(rows)
    // The rows are of a moment of their own, between two totals.
    const counted = [...rows.edges.map(({ node }) => node), rows.remainder].reduce(
      (sum, row) => sum + (row?.metrics.views ?? 0),
      0,
    )
    assert.ok(counted >= (seen.at(-1) ?? 0), `${counted} views in rows after ${seen.at(-1)} in all`)
    seen.push(totals.views)
    return totals.views
  }
  const started = performance.now()
  const loading = load.run(beacons)
  while (load.answered < beacons) await report()
  await loading
  t.diagnostic(
    `${seen.length} reports; ${Math.round((beacons / (performance.now() - started)) * 1000)} beacons a second`,
  )
  assert.ok(seen.length > 1)
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  )
  const sent = [...load.views.values()].filter(({ answered }) => answered > 0).length
  await eventually('all views in the report', async () => ((await report()) >= sent ? true : undefined))
  assert.equal(await report(), sent)
})
