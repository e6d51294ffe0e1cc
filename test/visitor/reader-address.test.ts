import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const origin = 'http://127.0.0.1:8080'
const addresses = ['81.169.145.77', '2a01:4f8:c17:1234::77']
const server = await startServerProcess()
after(() => server.close())

/** Files of the server's data that hold a text, and lines of its log that do. */
async function placesOf(text: string): Promise<string[]> {
  const entries = await readdir(server.dataDirectory, { recursive: true, withFileTypes: true })
  const found = server.printed().filter((line) => line.includes(text))
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    // The engines delete files of their own while they run.
    const bytes = entry.isFile() ? await readFile(path).catch(() => Buffer.alloc(0)) : Buffer.alloc(0)
    if (path.includes(text) || bytes.includes(text)) found.push(path)
  }
  return found
}

test("no reader's address is in the data folder or the log, whatever it sent and however the server ended", async () => {
  const { siteId } = await addSite(server, `${origin}/`)
  const send = async (address: string) => {
    const headers = { 'x-forwarded-for': address }
    const good = sampleBeacon(siteId, { referrer: 'findable.example' })
    const statuses = []
    for (const beacon of [good, { ...good, load: -1 }, '{', JSON.stringify([good, 7])])
      statuses.push((await postBeacon({ server: server.url, beacon, origin, headers })).status)
    const bot = { ...headers, 'user-agent': 'findablebot/1.0' }
    statuses.push((await postBeacon({ server: server.url, beacon: good, origin, headers: bot })).status)
    statuses.push(
      (await postBeacon({ server: server.url, beacon: good, origin: 'https://x.example', headers })).status,
    )
    return statuses
  }
  for (const address of addresses) assert.deepEqual(await send(address), [204, 400, 400, 400, 204, 403])

  const look = async () => {
    // The folder holds what was sent: else what follows would prove nothing.
    assert.notDeepEqual(await placesOf(siteId), [])
    for (const address of addresses) assert.deepEqual(await placesOf(address), [])
  }
  await look()
  await server.kill()
  await look()
  await server.restart()
  await eventually('the views in the report', async () => {
    const { site } = await graphqlClient(server.url).query<{
      site: { report: { totals: { views: number }; bots: { views: number } } }
    }>(
      `query($siteId: String!, $range: RangeInput!) {
        site(siteId: $siteId) { report(range: $range) { totals { views } bots { views } } }
      }`,
      { siteId, range: { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) } },
    )
    return site.report.totals.views === 2 && site.report.bots.views === 2 ? true : undefined
  })
  await look()
})
