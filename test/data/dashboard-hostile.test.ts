import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { openPage } from '../support/browser/dashboard-page.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'
import { hostileText, seedHostileSite } from '../support/server/seed-hostile.ts'

const limits = { timeout: 300_000 }

/** Every page, what shows that it is complete, and whether it shows a hostile text. */
const pages = [
  { path: '/?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/accounts', complete: 'main form' },
  { path: '/log', complete: 'main table' },
  { path: '/moderation', complete: '.moderation form' },
  { path: '/you', complete: 'main' },
  { path: '/sign-in', complete: 'form' },
  { path: '/sites/SITE?range=month', complete: '.u-over' },
  { path: '/sites/SITE/delivery?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/speed?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/regions?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/regions?range=month&country=FR', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/search?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/posts?range=month', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/posts?range=month&post=101', complete: '.report[aria-busy=false] table' },
  { path: '/sites/SITE/findings', complete: '.findings' },
  { path: '/sites/SITE/write', complete: '.write .brief' },
  { path: '/sites/SITE/alerts', complete: '.budgets' },
  { path: '/sites/SITE/community', complete: '.community' },
  { path: '/sites/SITE/seeds', complete: '.seeds' },
  { path: '/sites/SITE/connectors', complete: 'main form' },
  { path: '/sites/SITE/settings', complete: '.settings' },
]

/** Pages that show a text of the seeded ones in full. The others show the site's name, or a part. */
const showing = [
  '/moderation',
  '/sites/SITE/speed?range=month',
  '/sites/SITE/regions?range=month',
  '/sites/SITE/posts?range=month',
  '/sites/SITE/posts?range=month&post=101',
  '/sites/SITE/write',
  '/sites/SITE/alerts',
]

suite('hostile titles, addresses and names in the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    site = await seedHostileSite(server)
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  for (const { path, complete } of pages) {
    test(`are text on ${path}, turn nothing around, and fit a phone`, async () => {
      const { page, complaints } = await openPage(browser, operatorToken)
      await page.goto(server.url + path.replace('SITE', site))
      await page.waitForSelector(complete)
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
      const text = await page.$eval('#app', (app) => app.textContent)
      assert.equal(text.includes(hostileText) || !showing.includes(path), true, 'a seeded text is shown')
      assert.deepEqual(await complaints(), [])
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
