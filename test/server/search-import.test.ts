import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { laggingCountry, laggingSiteExports } from '@peerpress/insights/testing'
import { eventually } from '../support/eventually.ts'
import { addSite } from '../support/server/add-site.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { seedLaggingRegion } from '../support/server/seed-lagging-region.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const server = await startServerProcess()
after(() => server.close())
const where = ['--server', server.url, '--data', server.dataDirectory]
const directory = await mkdtemp(join(tmpdir(), 'peerpress-exports-'))
after(() => rm(directory, { recursive: true, force: true }))

interface LaggingRegion {
  readonly country: string
  readonly reasons: readonly { readonly kind: string; readonly sentence: string }[]
}

/** Returns the lagging regions of a site's last analysis; undefined before the first that saw all weeks. */
async function laggingRegions(siteId: string): Promise<readonly LaggingRegion[] | undefined> {
  const { site } = await graphqlClient(server.url).query<{
    site: { regions: { state: string; regions: readonly LaggingRegion[] } | null }
  }>(
    `query($siteId: String!) { site(siteId: $siteId) {
      regions { state regions(lagging: true) { country reasons { kind sentence } } } } }`,
    { siteId },
  )
  return site.regions?.state === 'TESTED' ? site.regions.regions : undefined
}

test(
  'a running server finds the region that lags, and after an import of exports that it is shown less',
  { timeout: 300_000 },
  async () => {
    const { siteId } = await addSite(server, 'http://127.0.0.1:8090/')
    await seedLaggingRegion(server, siteId)
    const [first, ...others] = await eventually('the first analysis', () => laggingRegions(siteId), 120_000)
    assert.deepEqual([first?.country, others], [laggingCountry, []])
    assert.deepEqual(
      first?.reasons.map(({ kind }) => kind),
      ['SLOWER'],
    )

    const { recent, earlier } = laggingSiteExports(Date.now())
    const files = { recent: join(directory, 'recent.zip'), earlier: join(directory, 'earlier.zip') }
    await writeFile(files.recent, recent)
    await writeFile(files.earlier, earlier)
    const command = ['search', 'import', siteId, '--recent', files.recent, '--earlier', files.earlier]
    const imported = await peerpress(...command, ...where, '--json')
    assert.equal(imported.code, 0, imported.stderr)
    assert.equal(JSON.parse(imported.stdout).earlier.countries, 3)
    await eventually(
      'the analysis after the import',
      async () => {
        const [region] = (await laggingRegions(siteId)) ?? []
        return region?.reasons[0]?.kind === 'SHOWN_LESS' || undefined
      },
      120_000,
    )
    const again = await peerpress(...command, ...where)
    assert.match(again.stderr, /imported 3 countries of \d{4}-\d\d-\d\d to/)

    const swapped = ['search', 'import', siteId, '--recent', files.earlier, '--earlier', files.recent]
    const refused = await peerpress(...swapped, ...where)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /export the last 28 days/)
  },
)

test('"search import" says what is missing before it asks the server', async () => {
  const large = join(directory, 'large.csv')
  await writeFile(large, Buffer.alloc(400_000))
  const site = 'aaaaaaaaaaaaaaaa'
  const misused: Record<string, readonly [words: readonly string[], why: RegExp]> = {
    'no site': [['import'], /say "search import SITE"/],
    'one file': [['import', site, '--recent', large], /name both files/],
    'a file that is not there': [
      ['import', site, '--recent', join(directory, 'none.zip'), '--earlier', large],
      /cannot be read \(ENOENT\)/,
    ],
    'a file that is too large': [
      ['import', site, '--recent', large, '--earlier', large],
      /400 KB, more than/,
    ],
    'days that are none': [
      ['import', site, '--recent', large, '--earlier', large, '--recent-days', 'May'],
      /no days such as/,
    ],
  }
  for (const [what, [words, why]] of Object.entries(misused)) {
    const { code, stderr } = await peerpress('search', ...words)
    assert.equal(code, 2, what)
    assert.match(stderr, why, what)
  }
})
