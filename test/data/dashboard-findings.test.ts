import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { laggingSiteExports, seedLaggingSite } from '@peerpress/insights/testing'
import { decodeViewRow } from '@peerpress/store'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 240_000 }

suite('findings in the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string
  let directory: string
  const now = Date.now()

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-exports-'))
    server = await startReportServer()
    browser = await launchChromium()
    const input = { url: 'https://garden.example/', consent: 'required', allowPrivateAddresses: false } as const
    site = (await server.registry.sites.add(input)).site.id
    // Readers of France are in two regions of it.
    const insertViews: typeof server.store.insertViews = (lines, token) => {
      const placed = Buffer.from(lines)
        .toString()
        .trim()
        .split('\n')
        .map((line, i) => {
          const row = decodeViewRow(line)
          return JSON.stringify(row['country'] === 'FR' ? { ...row, subdivision: i % 3 ? 'FR-IDF' : 'FR-BRE' } : row)
        })
      return server.store.insertViews(Buffer.from(placed.join('\n')), token)
    }
    await seedLaggingSite({ insertViews }, { site, now })
    await server.insights.analyse(site)
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
    await rm(directory, { recursive: true, force: true })
  })

  const open = async (path: string) => {
    const opened = await openPage(browser, operatorToken)
    await opened.page.goto(`${server.url}/sites/${site}${path}`)
    return opened
  }

  test('the lagging region is first, with its numbers, its reason and what to do', async () => {
    const { page, complaints } = await open('/findings')
    const first = await page.waitForSelector('.finding')
    const text = (await first?.evaluate((element) => element.textContent)) ?? ''
    assert.match(text, /A region lags/)
    assert.match(text, /Search visits from France fell by 4\d\s%.*Pages load slower there than elsewhere/)
    assert.match(text, /What to do: Run a seed near these readers/)
    const link = await page.$eval('.finding a', (element) => element.getAttribute('href'))
    assert.equal(link, `/sites/${site}/regions?country=FR`)
    assert.deepEqual(await brokenRules(page), [])
    for (const width of [1440, 768, 360]) {
      await page.setViewport({ width, height: 800 })
      await page.waitForFunction((expected) => document.documentElement.scrollWidth === expected, {}, width)
    }
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a dismissed finding moves below, and can be shown again', async () => {
    const { page } = await open('/findings')
    await page.locator('.finding button ::-p-text(Dismiss)').click()
    await page.waitForSelector('summary::-p-text(Dismissed \\(1\\))', { visible: true })
    const [dismissed] = (await server.insights.findings(site)).filter(({ dismissedAt }) => dismissedAt !== null)
    assert.equal(dismissed?.rule, 'lagging-region')
    await page.click('summary')
    await page.locator('details button').click()
    await page.waitForFunction(() => document.querySelector('details') === null)
    await page.close()
  })

  test('the page of regions lists it above the report', async () => {
    const { page, complaints } = await open('/regions?range=month')
    const table = await page.waitForSelector('::-p-aria([name="Regions that lag in search"][role="table"])')
    const row =
      (await table?.$eval('tbody tr', ({ children }) =>
        Array.from(children, ({ textContent }) => textContent),
      )) ?? []
    assert.equal(row[0], 'France')
    assert.match(row.at(-1) ?? '', /^Pages load slower there than elsewhere/)
    assert.deepEqual(await brokenRules(page), [])
    await page.setViewport({ width: 360, height: 800 })
    await page.waitForFunction(() => document.documentElement.scrollWidth === 360)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('the regions of a country are compared, too: all of them, and those of one country', async () => {
    const { page, complaints } = await open('/regions?range=month')
    const rowsOf = async (name: string) => {
      const table = await page.waitForSelector(`::-p-aria([name="${name}"][role="table"])`)
      return table?.$$eval('tbody tr', (rows) =>
        rows.map(({ children }) => Array.from(children, ({ textContent }) => textContent).slice(0, 2)),
      )
    }
    const lagging = [
      ['FR-BRE', 'Lags'],
      ['FR-IDF', 'Lags'],
    ]
    assert.deepEqual((await rowsOf('Search visits by region of a country'))?.toSorted(), lagging)
    await page.goto(`${server.url}/sites/${site}/regions?range=month&country=FR`)
    assert.deepEqual((await rowsOf('Search visits by region of France'))?.toSorted(), lagging)
    await page.goto(`${server.url}/sites/${site}/regions?range=month&country=DE`)
    await page.waitForSelector('.report[aria-busy=false] table')
    assert.equal(await page.$('::-p-text(Search visits by region)'), null)
    assert.deepEqual(await brokenRules(page), [])
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('exports are imported on the page of search, and other files are refused with the reason', async () => {
    const { recent, earlier } = laggingSiteExports(now)
    const files = [join(directory, 'recent.zip'), join(directory, 'earlier.zip')] as const
    await writeFile(files[0], recent)
    await writeFile(files[1], earlier)
    const { page, complaints } = await open('/search?range=month')
    await page.waitForSelector('input[type=file]')
    const fields = await page.$$('input[type=file]')
    const choose = (index: number, file: string) => fields[index]?.uploadFile(file)
    const submit = 'form button::-p-text(Import)'
    assert.deepEqual(await brokenRules(page), [])
    await choose(0, files[1])
    await choose(1, files[0])
    await page.locator(submit).click()
    await page.waitForSelector('form [role=alert]::-p-text(export the last 28 days)', { visible: true })
    await choose(0, files[0])
    await choose(1, files[1])
    await page.locator(submit).click()
    await page.waitForSelector('form [role=status]::-p-text(Imported 3 countries)', { visible: true })
    assert.equal((await server.registry.searchExports.list(site)).length, 2)
    // The browser reports the refused request.
    assert.deepEqual(
      (await complaints()).filter((text) => !text.includes('400')),
      [],
    )
    await page.close()
  })
})
