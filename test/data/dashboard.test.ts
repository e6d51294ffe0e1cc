import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'
import { openPage, readFigures, readRows } from '../support/browser/dashboard-page.ts'
import { sampleViews } from '../support/data/sample-views.ts'

const limits = { timeout: 120_000 }

suite('the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string
  let emptySite: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const add = async (url: string) =>
      (await server.registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })).site.id
    emptySite = await add('https://empty.example/')
    site = await add('https://garden.example/')
    for (const post of ['101', '102', '103']) {
      const url = `https://garden.example/post-${post}/`
      await server.registry.posts.record({
        site,
        post,
        url,
        version: 1,
        revoked: false,
        envelope: '{}',
        assets: [],
      })
    }
    const rows = sampleViews(site, 300, Date.now()).map((row) => JSON.stringify(row))
    await server.store.insertViews(Buffer.from(rows.join('\n')), 'sample')
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  test('asks for the operator token, refuses a wrong one and opens with the right one', async () => {
    const { page } = await openPage(browser)
    await page.goto(`${server.url}/sites/${site}/posts?range=month`)
    await page.waitForSelector('input[name=password]')
    assert.equal(new URL(page.url()).pathname, '/sign-in')
    await page.locator('::-p-text(Use the operator token)').click()
    await page.waitForSelector('input[name=token]:focus')
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await page.waitForSelector('form [role=alert]')
    await page.locator('input[name=token]').fill(operatorToken)
    await page.keyboard.press('Enter')
    await page.waitForSelector('header select')
    assert.equal(await page.$('input[name=token]'), null)
    assert.equal(page.url(), `${server.url}/sites/${site}/posts?range=month`)
    await page.locator('::-p-text(Sign out)').click()
    await page.waitForSelector('input[name=password]')
    await page.close()
  })

  test('shows the figures that the graph answers, and nothing it may not', async () => {
    const { page, complaints } = await openPage(browser, operatorToken)
    const answered = reportAnswer(page, 'Overview')
    await page.goto(`${server.url}/sites/${site}?range=month`)
    const { totals, series, posts } = await answered
    await page.waitForSelector('.u-over')
    assert.equal(totals.views, 300)

    const figures = await readFigures(page)
    assert.equal(figures['Views'], '300')
    assert.equal(figures['LCP, 75th percentile'], seconds(totals.speed.lcp.value))
    assert.equal(figures['Peer-hit ratio'], percent(totals.delivery.peerHitRatio))
    assert.equal(figures['Residual origin load'], percent(totals.delivery.residualOriginLoad))
    assert.equal(figures['View success'], percent(totals.reliability.viewSuccessRatio))

    const postRows = await readRows(page, 'Top posts')
    assert.equal(postRows.length, posts.length)
    const others = postRows.find(([name]) => name === 'Other pages')
    assert.deepEqual(
      others?.slice(3, 6),
      ['–', '–', '–'].map((dash) => `${dash} not measured`),
    )

    await page.click('summary')
    const intervals = await readRows(page, 'Asset bytes by source; intervals without any are left out')
    const withBytes = series.filter(({ metrics }) =>
      Object.values(metrics.delivery.bytes).some((bytes) => bytes > 0),
    )
    assert.equal(intervals.length, withBytes.length)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('shows the figures of delivery that the graph answers', async () => {
    const { page, complaints } = await openPage(browser, operatorToken)
    const answered = reportAnswer(page, 'Delivery')
    await page.goto(`${server.url}/sites/${site}/delivery?range=month`)
    const { totals } = await answered
    await page.waitForSelector('.u-over')
    const figures = await readFigures(page)
    assert.equal(figures['Peer-hit ratio'], percent(totals.delivery.peerHitRatio))
    assert.equal(figures['Residual origin load'], percent(totals.delivery.residualOriginLoad))
    assert.match(figures['Bytes saved'] ?? '', /^[\d.]+ MB$/)
    assert.ok(totals.delivery.bytesSaved > 0)
    assert.equal(figures['Asset success'], percent(totals.reliability.assetSuccessRatio))
    assert.equal(figures['Stalling'], percent(totals.reliability.stallRatio))
    assert.equal(figures['Wrong bytes'], '0 B')
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('shows the countries that the graph answers', async () => {
    const { page, complaints } = await openPage(browser, operatorToken)
    const answered = reportAnswer(page, 'Regions')
    await page.goto(`${server.url}/sites/${site}/regions?range=month`)
    const { countries } = await answered
    await page.waitForSelector('.report[aria-busy=false] table')
    const countryRows = await readRows(page, 'By country')
    assert.equal(countryRows.length, countries.length)
    const names = new Intl.DisplayNames('en', { type: 'region' })
    for (const { key, metrics } of countries) {
      const row = countryRows.find(([name]) => name === (key === null ? 'Not known' : names.of(key)))
      assert.ok(row, `no row for ${key}`)
      assert.equal(row[1], String(metrics.views))
      const { value, low, high, samples, enough } = metrics.speed.lcp
      const interval = enough ? `${range(low, high)}, n = ${samples}` : `not enough data, n = ${samples}`
      assert.equal(row[2], `${seconds(value)} ${interval}`)
      assert.equal(row[3], percent(metrics.delivery.peerHitRatio))
    }
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('can be worked with the keyboard alone', async () => {
    const { page, complaints } = await openPage(browser, operatorToken)
    await page.goto(`${server.url}/sites/${site}?range=week`)
    await page.waitForSelector('.u-over')
    const focused = () =>
      page.evaluate(() => {
        const { activeElement: element } = document
        return element instanceof HTMLInputElement ? element.value : (element?.textContent ?? '').trim()
      })
    const tab = async () => {
      await page.keyboard.press('Tab')
      return focused()
    }
    assert.equal(await tab(), 'Skip to the page')
    assert.equal(await tab(), 'PeerPress')
    assert.match(await tab(), /garden\.example/)
    assert.equal(await tab(), 'Sign out')
    for (const name of [
      'Overview',
      'Delivery',
      'Speed',
      'Regions',
      'Search',
      'Posts',
      'Findings',
      'Write',
      'Alerts',
      'Community',
      'Seeds',
      'Connectors',
      'Settings',
    ])
      assert.equal(await tab(), name)
    assert.equal(await tab(), 'week')
    await page.keyboard.press('ArrowRight')
    assert.equal(await focused(), 'month')
    await page.waitForFunction(() => location.search === '?range=month')
    await page.waitForSelector('.report[aria-busy=false]')

    for (let presses = 0; (await tab()) !== 'Show as a table'; presses++)
      assert.ok(presses < 12, 'the chart is out of reach')
    await page.keyboard.press('Enter')
    await page.waitForSelector('details[open]')
    for (let presses = 0; (await tab()) !== 'Post'; presses++)
      assert.ok(presses < 20, 'the table is out of reach')
    await page.keyboard.press('Enter')
    await page.waitForSelector('th[aria-sort=ascending]')
    const names = (await readRows(page, 'Top posts')).map(([name]) => name ?? '')
    assert.equal(names.pop(), 'Other pages')
    assert.deepEqual(
      names,
      names.toSorted((a, b) => a.localeCompare(b)),
    )
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('tells a site without views how to get the first', async () => {
    const { page, complaints } = await openPage(browser, operatorToken)
    await page.goto(`${server.url}/sites/${emptySite}`)
    const guide = await page.waitForSelector('.get-started')
    const text = await guide!.evaluate((element) => element.textContent)
    assert.ok(
      text.includes(`<script defer src="${server.url}/v1/rum.js" data-site="${emptySite}"></script>`),
      text,
    )
    assert.match(text, /WordPress/)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('keeps the figures and says so when the server does not answer', async () => {
    const { page } = await openPage(browser, operatorToken)
    await page.goto(`${server.url}/#site=${site}&range=month`)
    await page.waitForSelector('.u-over')
    await page.setOfflineMode(true)
    await page.click('input[value=week]')
    await page.waitForSelector('[role=alert]')
    assert.equal((await readFigures(page))['Views'], '300')
    await page.setOfflineMode(false)
    await page.click('[role=alert] button')
    await page.waitForFunction(() => document.querySelector('[role=alert]') === null)
    assert.notEqual((await readFigures(page))['Views'], '300')
    await page.close()
  })

  test('fits a phone, and text has the contrast of WCAG AA in both themes', async () => {
    for (const theme of ['light', 'dark']) {
      const { page } = await openPage(browser, operatorToken)
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      await page.setViewport({ width: 360, height: 740 })
      await page.goto(`${server.url}/#site=${site}&range=month`)
      await page.waitForSelector('.u-over')
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360)
      const colours = await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement)
        const names = ['ground', 'surface', 'text', 'text-quiet', 'accent', 'on-accent', 'bad'] as const
        return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]))
      })
      const pairs = ['text', 'text-quiet', 'accent', 'bad'].flatMap((text) => [
        [text, 'ground'],
        [text, 'surface'],
      ])
      for (const [text = '', back = ''] of [...pairs, ['on-accent', 'accent']]) {
        const ratio = contrast(colours[text] ?? '', colours[back] ?? '')
        assert.ok(ratio >= 4.5, `${theme}: ${text} on ${back} has ${ratio.toFixed(2)}`)
      }
      await page.close()
    }
  })
})

interface Answered {
  readonly views: number
  readonly speed: {
    readonly lcp: Record<'value' | 'low' | 'high' | 'samples', number> & { readonly enough: boolean }
  }
  readonly delivery: { readonly peerHitRatio: number; readonly bytes: Readonly<Record<string, number>> }
  readonly reliability: {
    readonly assetSuccessRatio: number
    readonly stallRatio: number
    readonly viewSuccessRatio: number
  }
}
interface Report {
  readonly totals: Answered & {
    readonly delivery: { readonly residualOriginLoad: number; readonly bytesSaved: number }
  }
  readonly series: readonly { readonly metrics: Answered }[]
  readonly countries: readonly { readonly key: string | null; readonly metrics: Answered }[]
  readonly posts: readonly { readonly key: string | null; readonly metrics: Answered }[]
}

/** The next report that the page is given by a query. */
async function reportAnswer(page: Page, query: string): Promise<Report> {
  const response = await page.waitForResponse(
    (candidate) => candidate.request().postData()?.includes(`"operationName":"${query}"`) === true,
  )
  const { data } = (await response.json()) as { data: { site: { report: { sections: Report } } } }
  return data.site.report.sections
}

const hundredths = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** As the page writes ms from one second up. */
function seconds(ms: number): string {
  assert.ok(ms >= 1000, 'the sample has no page that fast')
  return `${hundredths.format(ms / 1000)} s`
}

function range(low: number, high: number): string {
  return `${hundredths.format(low / 1000)}–${hundredths.format(high / 1000)} s`
}

function percent(ratio: number): string {
  return ratio === 1 ? '100%' : `${tenths.format(ratio * 100)}%`
}

/** Contrast of two colours, `#rrggbb` or `#rgb` (WCAG 2.2, section 1.4.3). */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: string): number {
  const digits = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, '$&$&') : colour
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(digits.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
