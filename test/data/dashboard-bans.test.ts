import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { createCommunityLedger } from '@peerpress/community'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 240_000 }
const member = 'ring.example'

suite('bans in the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const input = { url: `https://${member}/`, consent: 'required', allowPrivateAddresses: false } as const
    site = (await server.registry.sites.add(input)).site.id
    const { memberSites } = server.registry
    await memberSites.record({ site, member, domain: member, skeleton: member, method: 'plugin' })
    const body = { site, domain: member, accounts: [], keys: [] }
    await createCommunityLedger(server).append([{ kind: 'proof', member, body }])
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  const onPage = async (path: string, work: (page: Page) => Promise<void>) => {
    const { page, complaints } = await openPage(browser, operatorToken)
    await page.setViewport({ width: 1440, height: 800 })
    await page.goto(`${server.url}${path}`)
    await work(page)
    // The refused ban is answered 400.
    assert.deepEqual((await complaints()).filter((text) => !text.includes('status of 400')), [])
    await page.close()
  }
  const within = (page: Page, form: string, inner: string) => page.locator(`form[aria-label="${form}"] ${inner}`)
  /** Looks at a page in both themes and three widths. */
  const fits = async (page: Page, name: string) => {
    const folder = process.env['PEERPRESS_SCREENSHOTS'] ?? join(tmpdir(), 'peerpress-screenshots')
    await mkdir(folder, { recursive: true })
    for (const theme of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      assert.deepEqual(await brokenRules(page), [], theme)
      for (const width of [360, 768, 1440]) {
        await page.setViewport({ width, height: 800 })
        await page.waitForFunction((expected) => document.documentElement.scrollWidth === expected, {}, width)
        await writeFile(join(folder, `${name}-${theme}-${width}.png`), await page.screenshot({ fullPage: true }))
      }
    }
  }

  test('an administrator bans a member site, which reads why and appeals, and ends the ban again', async () => {
    await onPage('/moderation', async (page) => {
      await page.waitForSelector('::-p-text(No site is banned.)', { visible: true })
      await within(page, 'Ban a member site', 'input').fill('nobody.example')
      await within(page, 'Ban a member site', 'textarea').fill('Votes of a ring.')
      await within(page, 'Ban a member site', 'button').click()
      await page.waitForSelector('[role=alert]::-p-text(No member site has this host.)', { visible: true })
      await within(page, 'Ban a member site', 'input').fill('Ring.example')
      await within(page, 'Ban a member site', 'button').click()
      await page.waitForSelector('li ::-p-text(Votes of a ring.)', { visible: true })
    })
    await onPage(`/sites/${site}/community`, async (page) => {
      await page.waitForSelector('::-p-text(Votes of a ring.)', { visible: true })
      await fits(page, 'banned')
      await page.locator('form[aria-label="Appeal"] textarea').fill('We are no ring.')
      await page.locator('form[aria-label="Appeal"] button').click()
      await page.waitForSelector('p::-p-text(We are no ring.)', { visible: true })
      assert.equal(await page.$('form[aria-label="Appeal"]'), null)
    })
    await onPage('/', async (page) => {
      await page.waitForSelector('.notice::-p-text(One report or appeal waits)', { visible: true })
    })
    await onPage('/moderation', async (page) => {
      await page.waitForSelector('::-p-text(We are no ring.)', { visible: true })
      await fits(page, 'bans')
      await within(page, `Decide about ${member}`, 'input[value=UNBAN]').click()
      await within(page, `Decide about ${member}`, 'textarea').fill('It is none.')
      await within(page, `Decide about ${member}`, 'button').click()
      await page.waitForSelector('::-p-text(No site is banned.)', { visible: true })
    })
    await onPage(`/sites/${site}/community`, async (page) => {
      await page.waitForSelector('::-p-text(Prove again)', { visible: true })
      assert.equal(await page.$('::-p-text(Banned from the community)'), null)
    })
  })
})
