import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { openPage } from '../support/browser/dashboard-page.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 180_000 }

suite('the probes on the page of alerts', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string
  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const input = { url: 'https://garden.example/', consent: 'assumed', allowPrivateAddresses: false } as const
    site = (await server.registry.sites.add(input)).site.id
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  /** Records that a probe began some minutes ago. */
  const record = (minutes: number, failure: { readonly code: string; readonly message: string } | null) =>
    server.registry.probeOutcomes.record({
      site,
      kind: 'http',
      url: 'https://garden.example/',
      at: new Date(Date.now() - minutes * 60_000),
      ok: failure === null,
      failure,
      durationMs: 345,
      timings: { dns: 12.4, connect: 30, tls: 40, firstByte: 250, download: 12.6 },
    })
  /** Returns the text of the section with simple spaces. */
  const read = async () => {
    const { page, complaints } = await openPage(browser, operatorToken)
    await page.goto(`${server.url}/sites/${site}/alerts`)
    const section = await page.waitForSelector('::-p-xpath(//section[.//h2="Probes"])')
    const text = (await section?.evaluate((each) => each.textContent)) ?? ''
    for (const width of [1440, 768, 360]) {
      await page.setViewport({ width, height: 800 })
      await page.waitForFunction((expected) => document.documentElement.scrollWidth === expected, {}, width)
    }
    assert.deepEqual(await complaints(), [])
    await page.close()
    return text.replaceAll('\u00A0', ' ')
  }

  test('say what is needed before the first one has ended', async () => {
    const text = await read()
    assert.match(text, /The page alone, every minute.*first one follows within a minute/)
    assert.match(text, /In a browser, every 15 minutes.*need Chromium on the server/)
  })

  test('show how long the last one waited for what, and how many succeeded', async () => {
    await record(3, { code: 'bad-status', message: 'garden.example responded with status 500.' })
    await record(2, null)
    const text = await read()
    assert.match(text, /Well: loaded in 345 ms\./)
    assert.match(
      text,
      /name resolution 12 ms, connection 30 ms, encryption 40 ms, first byte 250 ms, download 13 ms\./,
    )
    assert.match(text, /50\.0% of 2 probes in the last 24 hours succeeded/)
  })

  test('show why the last one failed', async () => {
    await record(1, { code: 'bad-status', message: `garden.example responded with ${'x'.repeat(400)}.` })
    assert.match(await read(), /Failed: garden\.example responded with x{400}\./)
  })
})
