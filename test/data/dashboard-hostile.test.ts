import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, BrowserContext, Page } from 'puppeteer-core'
import { openPage } from '../support/browser/dashboard-page.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'
import {
  hostileAccount,
  hostileLabel,
  hostileName,
  hostileText,
  seedHostileAccount,
  seedHostileSite,
} from '../support/server/seed-hostile.ts'

const limits = { timeout: 300_000 }

interface HostilePage {
  readonly path: string
  /** Is there when the page is complete. */
  readonly complete: string
  /** A seeded text that the page shows in full. The other pages show the site's name, or a part. */
  readonly shows?: string
  /** Whether a person with an account is signed in, and not the operator. */
  readonly isPerson?: boolean
  /** What is pressed on the complete page, and what appears then. */
  readonly press?: { readonly button: string; readonly shown: string }
  /** Whether the server refuses something, which the browser notes. */
  readonly isRefused?: boolean
}

const pages: readonly HostilePage[] = [
  { path: '/?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/accounts', complete: 'main form' },
  { path: '/log', complete: 'main table' },
  { path: '/moderation', complete: '.moderation form', shows: hostileText },
  { path: '/you', complete: 'main' },
  { path: '/sign-in', complete: 'form' },
  { path: '/sites/SITE?range=month', complete: '.u-over' },
  { path: '/sites/SITE/delivery?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/speed?range=month', complete: '.report[aria-busy=false] table', shows: hostileText },
  { path: '/sites/SITE/regions?range=month', complete: '.report[aria-busy=false] table', shows: hostileText },
  { path: '/sites/SITE/regions?range=month&country=FR', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/search?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/posts?range=month', complete: '.report[aria-busy=false] table', shows: hostileText },
  { path: '/sites/SITE/posts?range=month&post=101', complete: '.report[aria-busy=false] table', shows: hostileText },
  { path: '/sites/SITE/findings', complete: '.findings' },
  { path: '/sites/SITE/write', complete: '.write .brief', shows: hostileText },
  { path: '/sites/SITE/alerts', complete: '.budgets', shows: hostileText },
  { path: '/sites/SITE/community', complete: '.community' },
  { path: '/sites/SITE/seeds', complete: '.seeds' },
  { path: '/sites/SITE/connectors', complete: 'main form' },
  { path: '/sites/SITE/settings', complete: '.settings' },
  {
    path: '/sites/SITE/delivery?range=week',
    complete: '.report[aria-busy=false] table',
    isPerson: true,
    press: { button: '.saved-views summary', shown: '.saved-views .entry-name' },
    shows: hostileLabel,
  },
  {
    path: '/you?as=person',
    complete: 'main form',
    isPerson: true,
    shows: hostileAccount.email,
  },
  {
    path: '/welcome#TEXT',
    complete: 'main form',
    isPerson: true,
    press: { button: 'main section button', shown: 'main [role=alert]' },
    shows: hostileAccount.email,
    isRefused: true,
  },
  { path: '/public/REPORT?days=TEXT', complete: 'dl', shows: hostileName },
  { path: '/public/TEXT', complete: 'h1', isRefused: true },
]

/** The token in the address of the site's public report. */
const publicReport = 'a'.repeat(43)

suite('hostile titles, addresses and names in the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let person: BrowserContext
  let site: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    site = await seedHostileSite(server)
    await server.registry.publicReports.publish(site, publicReport, 'operator')
    await seedHostileAccount(server, site)
    person = await browser.createBrowserContext()
    const { page } = await openPage(person)
    await page.goto(`${server.url}/sign-in`)
    await page.locator('input[name=email]').fill(hostileAccount.email)
    await page.locator('input[name=password]').fill(hostileAccount.password)
    await page.keyboard.press('Enter')
    await page.waitForSelector('a.signed-in')
    await page.close()
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  const meant = (name: string) =>
    name === 'SITE' ? site : name === 'REPORT' ? publicReport : encodeURIComponent(hostileText)

  for (const { path, complete, shows, isPerson, press, isRefused } of pages) {
    test(`are text on ${path}, turn nothing around, and fit a phone`, async () => {
      const { page, complaints } = isPerson
        ? await openPage(person)
        : await openPage(browser, operatorToken)
      await page.goto(server.url + path.replaceAll(/SITE|REPORT|TEXT/g, (name) => meant(name)))
      await page.waitForSelector(complete)
      if (press !== undefined) {
        await page.locator(press.button).click()
        await page.waitForSelector(press.shown, { visible: true })
      }
      // What is folded away is shown, too.
      await page.$$eval('details', (all) => all.forEach((each) => (each.open = true)))
      for (const width of [1440, 360]) {
        await page.setViewport({ width, height: 800 })
        const isAsWide = (expected: number) => document.documentElement.scrollWidth === expected
        await page.waitForFunction(isAsWide, {}, width).catch(async (cause: unknown) => {
          throw new Error(`${path} is not ${width} wide: ${await widest(page)}`, { cause })
        })
      }
      assert.deepEqual(await page.$$eval('main img, main script, main iframe, [onerror]', (all) => all.map((each) => each.outerHTML)), [])
      assert.doesNotMatch(await page.title(), /^hit/)
      assert.deepEqual(await turnedAround(page), [])
      const text = await page.$eval('body', (body) => body.textContent)
      if (shows !== undefined) assert.ok(text.includes(shows), 'a seeded text is shown')
      const isExpected = (complaint: string) => isRefused && complaint.startsWith('Failed to load resource')
      assert.deepEqual(
        (await complaints()).filter((complaint) => !isExpected(complaint)),
        [],
      )
      await page.close()
    })
  }
})

/** Returns what is wider than the window, for the message of a failure. */
function widest(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter((each) => each.getBoundingClientRect().right > innerWidth + 1 || each.scrollWidth > innerWidth)
      .slice(0, 4)
      .map((each) => `${each.tagName}.${each.className}: ${each.textContent?.slice(0, 60)}`)
      .join(' | '),
  )
}

/** Returns texts that stand after a hostile one in the same line, which its override turns around. */
function turnedAround(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const node = walker.currentNode
      if (!node.textContent?.includes('\u202e')) continue
      let holder = node.parentElement
      const isolates = ({ unicodeBidi, display }: CSSStyleDeclaration) =>
        /isolate|plaintext/.test(unicodeBidi) || !display.startsWith('inline') || display === 'inline-block'
      while (holder !== null && !isolates(getComputedStyle(holder))) holder = holder.parentElement
      if (holder === null || /isolate|plaintext/.test(getComputedStyle(holder).unicodeBidi)) continue
      // A paragraph ends the override, and so does the end of this text if nothing follows in the block.
      const range = document.createRange()
      range.setStartAfter(node)
      range.setEndAfter(holder.lastChild ?? holder)
      const following = range.cloneContents().textContent?.trim() ?? ''
      // A choice of a list is its own text alone.
      const rest =
        holder.tagName === 'OPTION' ? '' : node.textContent.slice(node.textContent.indexOf('\u202e'))
      const own = rest.replace(/^\u202e(?:\{\{7\*7\}\}=cmd\(\))?(?:W*|\/w*)/, '').trim()
      if (following + own !== '') found.push(`${holder.tagName}.${holder.className}: …${(own + following).slice(0, 80)}`)
    }
    return [...new Set(found)]
  })
}
