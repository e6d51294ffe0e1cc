import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { rowTime } from '@peerpress/store'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { openPage, readFigures, readRows } from '../support/browser/dashboard-page.ts'
import { type ExportedView, exportedViews } from '../support/data/exported-views.ts'
import { sampleViews } from '../support/data/sample-views.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 180_000 }

/** Days that are not 24 hours from midnight to midnight UTC: half an hour off, of 23 hours, and of 25 hours. */
const days = [
  { timeZone: 'Asia/Kolkata', day: '2026-03-08' },
  { timeZone: 'America/New_York', day: '2026-03-08' },
  { timeZone: 'America/New_York', day: '2026-11-01' },
] as const

const deviceNames: Readonly<Record<string, string>> = { mobile: 'Phone', desktop: 'Desktop' }

suite('what pages show, computed anew from exported rows', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string
  let exported: readonly ExportedView[]
  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const url = 'https://garden.example/'
    site = (await server.registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })).site.id
    // Views of every ten minutes around each of the days.
    const starts = [...new Set(days.map(({ day }) => day))].flatMap((day) =>
      Array.from({ length: 432 }, (_, i) => Date.parse(`${day}T00:00:00Z`) + (i - 144) * 600_000),
    )
    const rows = sampleViews(site, starts.length, Date.now()).map((row, i) => {
      const start = starts[i] ?? 0
      return JSON.stringify({ ...row, started_at: rowTime(start), received_at: rowTime(start + 30_000) })
    })
    await server.store.insertViews(Buffer.from(rows.join('\n')), 'sample')
    exported = await exportedViews(server.store, site)
    assert.equal(exported.length, starts.length)
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  for (const { timeZone, day } of days) {
    test(`${day} in ${timeZone}`, async () => {
      await server.registry.sites.configure(site, { timeZone })
      const own = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
      const views = exported.filter(({ started_at: start }) => own.format(start) === day)
      assert.ok(views.length > 130, `${views.length} views`)
      const { page, complaints } = await openPage(browser, operatorToken)
      await page.emulateTimezone('Pacific/Auckland')
      const open = async (path: string, complete = '.report[aria-busy=false] table') => {
        await page.goto(`${server.url}/sites/${site}${path}?from=${day}&to=${day}`)
        await page.waitForSelector(complete)
      }

      await open('', '.u-over')
      const overview = await readFigures(page)
      assert.equal(overview['Views'], String(views.length))
      assertNear(overview['LCP, 75th percentile'], measured(views, 'lcp'), 0.75)
      assert.equal(overview['Peer-hit ratio'], percent(peerHitRatio(views)))
      assert.equal(overview['Residual origin load'], percent(residualOriginLoad(views)))
      assert.equal(overview['View success'], percent(viewSuccess(views)))

      await open('/delivery', '.u-over')
      const delivery = await readFigures(page)
      assert.equal(delivery['Asset success'], percent(assetSuccess(views)))
      assert.equal(delivery['Bytes saved'], megabytes(sum(views, 'bytes_peer', 'bytes_seed', 'bytes_mirror')))

      await open('/speed')
      assertTable(await readRows(page, 'By device'), views, 'device', (key) => deviceNames[key])
      assertTable(await readRows(page, 'By connection'), views, 'connection')

      await open('/regions')
      const names = new Intl.DisplayNames('en', { type: 'region' })
      assertTable(await readRows(page, 'By country'), views, 'country', (code) => names.of(code))

      await open('/search')
      const fromSearch = views.filter(({ search_engine: engine }) => engine !== null)
      assertTable(await readRows(page, 'By search engine'), fromSearch, 'search_engine')
      const fromAssistants = views.filter(({ assistant }) => assistant !== null)
      assertTable(await readRows(page, 'By AI assistant'), fromAssistants, 'assistant')

      assert.deepEqual(await complaints(), [])
      await page.close()
    })
  }
})

/** Asserts that a table has one row for each value of a column, and that its figures are those of its views. */
function assertTable(
  rows: readonly string[][],
  views: readonly ExportedView[],
  column: 'country' | 'device' | 'connection' | 'search_engine' | 'assistant',
  nameOf: (key: string) => string | undefined = (key) => key,
): void {
  const groups = Map.groupBy(views, (view) => view[column])
  assert.equal(rows.length, groups.size, `rows by ${column}`)
  for (const [key, of] of groups) {
    const name = key === null ? 'Not known' : nameOf(key)
    const row = rows.find(([label]) => label?.toLowerCase() === name?.toLowerCase())
    assert.ok(row, `no row of ${name}: ${rows.map(([label]) => label).join(', ')}`)
    const [, count, lcp, hits, , success, engaged] = row
    assert.equal(count, String(of.length), `views of ${name}`)
    assertNear(lcp, measured(of, 'lcp'), 0.75)
    assert.equal(hits, shown(peerHitRatio(of)), `peer-hit ratio of ${name}`)
    assert.equal(success, shown(assetSuccess(of)), `asset success of ${name}`)
    assertNear(engaged, measured(of, 'engaged_ms'), 0.5)
  }
}

/**
 * Asserts that a text begins with a percentile of the values: between the values beside it, because percentiles of few values
 * are defined in several ways, and within the text's last digit.
 */
function assertNear(text: string | undefined, values: readonly number[], p: number): void {
  if (values.length === 0) return assert.match(text ?? '', /^–/)
  const [, number = '', unit, rest] = /^([\d.]+) (?:(ms|s)|min(?: (\d+) s)?)/.exec(text ?? '') ?? []
  const scale = unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000
  const value = Number(number) * scale + Number(rest ?? 0) * 1000
  const step = number.includes('.') ? scale / 200 : unit === 'ms' ? 0.5 : 500
  const sorted = values.toSorted((a, b) => a - b)
  const low = sorted[Math.max(0, Math.floor(p * (sorted.length - 1)))] ?? 0
  const high = sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length))] ?? 0
  assert.ok(value >= low - step && value <= high + step, `${text} is not in ${low} to ${high} ms`)
}

function measured(views: readonly ExportedView[], column: 'lcp' | 'engaged_ms'): number[] {
  return views.map((view) => view[column]).filter((value) => value !== null)
}

function sum(views: readonly ExportedView[], ...columns: readonly (keyof ExportedView)[]): number {
  return views.reduce((total, view) => columns.reduce((own, column) => own + Number(view[column]), total), 0)
}

const ofManifest = (views: readonly ExportedView[]) => views.filter((view) => view.has_delivery)

function peerHitRatio(views: readonly ExportedView[]): number {
  const own = ofManifest(views)
  const all = sum(own, 'bytes_peer', 'bytes_seed', 'bytes_mirror', 'bytes_origin', 'bytes_cache')
  return sum(own, 'bytes_peer') / all
}

function residualOriginLoad(views: readonly ExportedView[]): number {
  const own = ofManifest(views)
  const origin = sum(own, 'bytes_origin')
  return origin / (origin + sum(own, 'bytes_peer', 'bytes_seed', 'bytes_mirror'))
}

function assetSuccess(views: readonly ExportedView[]): number {
  const complete = sum(views, 'assets_complete')
  return complete / (complete + sum(views, 'assets_failed'))
}

function viewSuccess(views: readonly ExportedView[]): number {
  const asking = views.filter((view) => sum([view], 'assets_complete', 'assets_failed') > 0)
  return asking.filter((view) => sum([view], 'assets_failed') === 0).length / asking.length
}

/** A ratio as a cell has it. */
function shown(ratio: number): string {
  return Number.isNaN(ratio) ? '– not measured' : percent(ratio)
}

function percent(ratio: number): string {
  if (ratio === 0 || ratio === 1) return `${ratio * 100}%`
  return `${(ratio * 100).toFixed(1)}%`
}

function megabytes(bytes: number): string {
  const [scale, unit] = bytes >= 1e9 ? [1e9, 'GB'] : [1e6, 'MB']
  return `${Number((bytes / scale).toPrecision(3))} ${unit}`
}
