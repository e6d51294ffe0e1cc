import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { CostBudget } from '@peerpress/api'
import { openRegistry } from '@peerpress/registry'
import { openStore, rowTime } from '@peerpress/store'
import { networkOf } from '@peerpress/tracker'
import express from 'express'
import { sendersOf } from '../entry/senders.testing.ts'
import { OperatorToken } from '../operator-token.ts'
import { reportRoutes } from './reports.ts'

suite('reports over HTTP', { timeout: 120_000 }, () => {
  let close: () => Promise<void>
  let get: (path: string, token?: string) => Promise<Response>
  let serve: (budget: CostBudget) => Promise<typeof get>

  before(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'peerpress-reports-'))
    const registry = await openRegistry({ directory: join(directory, 'registry') })
    const store = await openStore({ directory: join(directory, 'store') })
    const senders = sendersOf(registry, await OperatorToken.open(registry, directory))
    const operator = Buffer.from(await registry.secret('operator-token')).toString('hex')
    const { site } = await registry.sites.add({
      url: 'https://blog.example',
      consent: 'assumed',
      allowPrivateAddresses: false,
    })
    const now = Date.now()
    const rows = Array.from({ length: 40 }, (_, i) => ({
      site: site.id,
      view: crypto.randomUUID(),
      sequence: 1,
      started_at: rowTime(now - 3_600_000),
      received_at: rowTime(now - 3_500_000),
      url: 'https://blog.example/',
      arm: 'assisted',
      navigation: 'navigate',
      campaign_name: i < 10 ? '=HYPERLINK("https://evil.example","x")' : i < 20 ? 'a,"b"' : null,
      device: i % 2 === 0 ? 'mobile' : 'desktop',
      lcp: 1000 + i,
      has_delivery: false,
      ...Object.fromEntries(
        ['assets_complete', 'assets_failed', 'bytes_peer', 'bytes_seed', 'bytes_mirror', 'bytes_origin']
          .concat(['bytes_cache', 'wrong_bytes', 'rejected_chunks', 'dropped_peers', 'fallbacks', 'peers'])
          .concat(['uploaded', 'engaged_ms', 'scroll_depth', 'sampling'])
          .map((name) => [name, name === 'sampling' ? 1 : 0]),
      ),
    }))
    await store.insertViews(Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')), 'views')
    const servers: Server[] = []
    serve = async (budget) => {
      const http = express()
        .set('query parser', 'simple')
        .use(reportRoutes({ registry, store, senders, budget }))
        .listen(0, '127.0.0.1')
      servers.push(http)
      await once(http, 'listening')
      const { port } = http.address() as AddressInfo
      return (path, token = operator) =>
        fetch(`http://127.0.0.1:${port}/v1/sites/${site.id}/${path}`, {
          headers: token === '' ? {} : { authorization: `Bearer ${token}` },
        })
    }
    get = await serve(new CostBudget())
    close = async () => {
      for (const http of servers) {
        http.close()
        http.closeAllConnections()
      }
      await store.close()
      await registry.close()
      await rm(directory, { recursive: true })
    }
  })
  after(() => close())

  test('a CSV has the rows and their remainder, and no cell of it is a formula', async () => {
    const response = await get('report.csv?period=LAST_7_DAYS&by=CAMPAIGN_NAME&metrics=VIEWS,SPEED_LCP')
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /^text\/csv/)
    const lines = (await response.text()).split('\r\n')
    assert.deepEqual(lines, [
      'row,campaign_name,views,speed_lcp,speed_lcp_low,speed_lcp_high,speed_lcp_samples',
      'row,,20,1034,1031,1038,20',
      `row,"'=HYPERLINK(""https://evil.example"",""x"")",10,1007,1004,1009,10`,
      'row,"a,""b""",10,1017,1014,1019,10',
      'remainder,,0,,,,',
      '',
    ])
  })

  test('a JSON report takes the filters of the graph', async () => {
    const rowsOf = async (parameters: string) => {
      const response = await get(`report.json?period=LAST_7_DAYS&metrics=VIEWS&${parameters}`)
      const { rows } = (await response.json()) as { rows: object[] }
      return rows
    }
    assert.deepEqual(await rowsOf(''), [{ row: 'total', views: 40 }])
    assert.deepEqual(await rowsOf('device=mobile'), [{ row: 'total', views: 20 }])
    assert.deepEqual(await rowsOf('device=mobile&device=desktop'), [{ row: 'total', views: 40 }])
    assert.deepEqual(await rowsOf('not.device=mobile&unknown.campaign_name=false'), [
      { row: 'total', views: 10 },
    ])
    assert.deepEqual(await rowsOf('by=DEVICE&first=1&orderBy=SPEED_LCP&order=ASC'), [
      { row: 'row', device: 'mobile', views: 20 },
      { row: 'remainder', device: null, views: 20 },
    ])
  })

  test('a scraper gets the last day as OpenMetrics', async () => {
    const response = await get('metrics')
    assert.match(
      response.headers.get('content-type') ?? '',
      /^application\/openmetrics-text; version=1\.0\.0/,
    )
    const text = await response.text()
    assert.match(text, /^peerpress_site_views\{site="\w+",window="24h"\} 40$/m)
    assert.match(text, /^peerpress_site_speed_lcp\{site="\w+",window="24h",bound="value"\} 1029$/m)
    assert.doesNotMatch(text, /^peerpress_site_speed_inp\{/m)
    assert.ok(text.endsWith('\n# EOF\n'))
  })

  test('reports spend the budget of the graph, and a spent one refuses with the time to wait', async () => {
    const budget = new CostBudget(55)
    const getWithin = await serve(budget)
    const statuses = async (...paths: readonly string[]) => {
      const found: number[] = []
      for (const path of paths) found.push((await getWithin(path)).status)
      return found
    }
    // 10 for totals, 20 for rows by two dimensions, 10 for a scraper; what is refused for its input costs nothing.
    assert.deepEqual(
      await statuses(
        'report.json?period=LAST_7_DAYS',
        'report.csv?period=LAST_7_DAYS&by=COUNTRY,DEVICE&first=10',
        'report.csv?period=LAST_7_DAYS&by=SHOE_SIZE',
        'metrics',
      ),
      [200, 200, 400, 200],
    )
    const refused = await getWithin('report.csv?period=LAST_7_DAYS&by=COUNTRY,DEVICE&first=10')
    assert.equal(refused.status, 429)
    const seconds = Number(refused.headers.get('retry-after'))
    assert.ok(seconds >= 1 && seconds <= 60, String(seconds))
    assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/)
    const { code, detail } = (await refused.json()) as { code: string; detail: string }
    assert.equal(code, 'too-many-requests')
    assert.match(detail, /cost 40 of 55, and this one may cost 20/)
    assert.deepEqual(await statuses('metrics', 'metrics'), [200, 429])
    // The graph spends the same budget.
    const principal = { kind: 'administrator', account: null } as const
    const sender = { principal, mutationRefusal: null, network: networkOf('192.0.2.1') }
    assert.throws(() => budget.spend(sender, 10), { code: 'RATE_LIMITED' })
    assert.equal(budget.spend({ ...sender, network: networkOf('198.51.100.1') }, 10).remaining, 45)
  })

  test('what makes no sense is refused, and so is everybody who may not read the site', async () => {
    for (const parameters of [
      '',
      'period=NEXT_YEAR',
      'period=TODAY&from=2026-05-01&to=2026-05-02',
      'from=2026-05-02&to=2026-05-01',
      'from=2026-02-30&to=2026-03-01',
      'from=2026-05-01',
      'period=TODAY&by=SHOE_SIZE',
      'period=TODAY&by=COUNTRY,DEVICE,POST',
      'period=TODAY&first=-1&by=COUNTRY',
      'period=TODAY&first=1e9&by=COUNTRY',
      'period=TODAY&metrics=NOTHING',
      'period=TODAY&unknown.country=perhaps',
      'period=TODAY&period=TODAY',
      'period=TODAY&drop.country=NL',
      'period=TODAY&country=%00',
      'period=TODAY&order=SIDEWAYS',
      'period=TODAY&metrics=VIEWS,LCP,views',
      'period=TODAY&not.country.name=NL',
      'period=TODAY&first=0x10&by=COUNTRY',
      'period=TODAY&first=1e2&by=COUNTRY',
    ]) {
      const response = await get(`report.csv?${parameters}`)
      assert.equal(response.status, 400, parameters)
      assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/)
    }
    assert.equal((await get('report.csv?period=TODAY', '')).status, 401)
    assert.equal((await get('metrics', '')).status, 401)
    assert.equal((await get('../aaaaaaaaaaaaaaaa/report.csv?period=TODAY')).status, 404)
  })
})
