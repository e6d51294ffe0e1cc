import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { peerpress } from '../support/server/peerpress.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const origin = 'http://127.0.0.1:8080'
const server = await startServerProcess()
let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'peerpress-export-'))
})
after(async () => {
  await server.close()
  await rm(directory, { recursive: true, force: true })
})
const where = ['--server', server.url, '--data', server.dataDirectory, '--json']

test('"export" writes every view once into a Parquet file, and nothing but that file', async () => {
  const { siteId } = await addSite(server, `${origin}/`)
  const file = join(directory, 'views.parquet')
  const beacons = Array.from({ length: 5 }, () => sampleBeacon(siteId))
  for (const beacon of beacons) {
    await postBeacon({ server: server.url, beacon, origin })
    await postBeacon({ server: server.url, beacon: { ...beacon, sequence: 2 }, origin })
  }
  const outcome = await eventually('all views in an export', async () => {
    const { code, stdout, stderr } = await peerpress('export', siteId, '--out', file, ...where)
    assert.equal(code, 0, stderr)
    const told = JSON.parse(stdout) as { file: string; views: number; bytes: number }
    return told.views === 5 ? told : undefined
  })
  const bytes = await readFile(file)
  assert.deepEqual(outcome, { file, views: 5, bytes: bytes.length })
  assert.equal(bytes.subarray(-4).toString(), 'PAR1')
  assert.deepEqual(await readdir(directory), ['views.parquet'])

  const empty = await peerpress('export', siteId, '--to', '2020-01-01', '--out', file, ...where)
  assert.equal((JSON.parse(empty.stdout) as { views: number }).views, 0)
})

test('it says what is wrong, and leaves the file of before', async () => {
  const { siteId } = await addSite(server, 'http://127.0.0.1:8081/')
  const file = join(directory, 'before.parquet')
  await writeFile(file, 'before')
  const attempts = [
    [2, 'export', siteId, '--from', 'yesterday', ...where],
    [2, 'export', ...where],
    [1, 'export', 'nosuchsite000000', '--out', file, ...where],
    [1, 'export', siteId, '--from', '2026-05-02', '--to', '2026-05-01', '--out', file, ...where],
  ] as const
  for (const [expected, ...words] of attempts) {
    const { code, stderr } = await peerpress(...words)
    assert.equal(code, expected, `${words.join(' ')}: ${stderr}`)
  }
  const unsigned = await fetch(
    `${server.url}/v1/sites/${siteId}/views.parquet?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z`,
  )
  assert.equal(unsigned.status, 401)

  // A server that dies in the middle of it, and one that ends early.
  const dying = createServer(({ url }, response) => {
    response.writeHead(200, { 'peerpress-views': '3' })
    response.write('PAR1', () => (url?.includes('/dies/') ? response.destroy() : response.end()))
    if (!url?.includes('/dies/')) response.write('more')
  })
  dying.listen(0, '127.0.0.1')
  await once(dying, 'listening')
  const elsewhere = `http://127.0.0.1:${(dying.address() as AddressInfo).port}`
  for (const site of ['dies', 'ends']) {
    const words = ['export', site, '--out', file, '--server', elsewhere, '--data', server.dataDirectory]
    const { code, stderr } = await peerpress(...words)
    assert.equal(code, 1, stderr)
  }
  dying.close()
  assert.equal(await readFile(file, 'utf8'), 'before')
  assert.deepEqual((await readdir(directory)).toSorted(), ['before.parquet', 'views.parquet'])
})
