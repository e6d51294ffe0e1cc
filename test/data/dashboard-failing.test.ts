import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { openPage, readFigures } from '../support/browser/dashboard-page.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { sampleViews } from '../support/data/sample-views.ts'
import { addSite } from '../support/server/add-site.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const limits = { timeout: 180_000 }

suite('a report of which a part fails', limits, () => {
  const late = new Set<string>()
  let server: ReportServer
  let browser: Browser
  let site: string
  before(async () => {
    server = await startReportServer({ late })
    browser = await launchChromium()
    const url = 'https://garden.example/'
    site = (await server.registry.sites.add({ url, consent: 'assumed', allowPrivateAddresses: false })).site.id
    const rows = sampleViews(site, 300, Date.now()).map((row) => JSON.stringify(row))
    await server.store.insertViews(Buffer.from(rows.join('\n')), 'sample')
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  test('shows the others, says which part is missing, and shows it once it is there again', async () => {
    const { page, complaints } = await openPage(browser, operatorToken)
    late.add('breakdown')
    await page.goto(`${server.url}/sites/${site}?range=month`)
    await page.waitForSelector('.partial::-p-text(Top posts could not be loaded)', { visible: true })
    await page.waitForSelector('.u-over')
    assert.equal((await readFigures(page))['Views'], '300')
    assert.equal(await page.$('[role=alert]'), null)
    late.clear()
    late.add('series')
    await page.reload()
    await page.waitForSelector('.partial')
    await page.waitForSelector('.report[aria-busy=false] table')
    assert.equal((await page.$$('.partial')).length, 1)
    late.clear()
    await page.reload()
    await page.waitForSelector('.u-over')
    assert.equal(await page.$('.partial'), null)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('offers a shorter range if no part is in time', async () => {
    const { page } = await openPage(browser, operatorToken)
    for (const name of ['totals', 'series', 'breakdown']) late.add(name)
    await page.goto(`${server.url}/sites/${site}/regions?range=month`)
    const alert = await page.waitForSelector('[role=alert]')
    assert.match(
      String(await alert?.evaluate(({ textContent }) => textContent)),
      /took more than 6 s; take a shorter range/,
    )
    late.clear()
    await page.locator('[role=alert] button').click()
    await page.waitForSelector('.report[aria-busy=false] table')
    assert.equal(await page.$('[role=alert]'), null)
    await page.close()
  })
})

test('a page that is open while the server is killed keeps its figures, and goes on with the next server', limits, async (t) => {
  const server = await startServerProcess()
  t.after(() => server.close())
  const browser = await launchChromium()
  t.after(() => browser.close())
  const origin = 'http://127.0.0.1:8080'
  const { siteId } = await addSite(server, `${origin}/`)
  const { page } = await openPage(browser, await server.token())
  const send = async () => {
    const beacon = sampleBeacon(siteId)
    assert.equal((await postBeacon({ server: server.url, beacon, origin })).status, 204)
  }
  await send()
  const views = async () => (await readFigures(page))['Views']
  const untilViews = async (expected: string) => {
    while ((await views()) !== expected) {
      await page.reload()
      await page.waitForSelector('.report[aria-busy=false]')
    }
  }
  await page.goto(`${server.url}/sites/${siteId}?range=day`)
  await untilViews('1')

  await server.kill()
  await page.click('input[value=week]')
  await page.waitForSelector('[role=alert]')
  assert.equal(await views(), '1')

  await server.restart()
  await send()
  await page.click('[role=alert] button')
  await page.waitForFunction(() => document.querySelector('[role=alert]') === null)
  await untilViews('2')
})
