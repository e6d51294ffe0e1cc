import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { openPage } from '../support/browser/dashboard-page.ts'
import { type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 240_000 }
const password = 'correct horse battery'
const email = 'ada@example.org'
const client = { network: '192.0.2.0/24', browser: null }

suite('the editor of queries in Chromium', limits, () => {
  let server: ReportServer
  let browser: Browser
  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const token = await server.accounts.welcoming.issue({ kind: 'administrator', email }, 'operator')
    await server.accounts.welcoming.accept({ token, email, name: 'Ada', password }, client)
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  const signIn = async (page: Page) => {
    await page.goto(`${server.url}/graphql`)
    await page.waitForFunction(() => location.pathname === '/sign-in')
    await page.locator('input[name=email]').fill(email)
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
  }
  const shows = (page: Page, text: string) =>
    page.waitForFunction(
      (expected) => document.querySelector('.graphiql-response')?.textContent?.includes(expected),
      {},
      text,
    )

  test('asks to sign in first, and runs queries with the session, from own files alone', async () => {
    const { page, complaints } = await openPage(browser)
    const foreign: string[] = []
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(server.url) && !url.startsWith('data:')) foreign.push(url)
    })
    await signIn(page)
    await page.locator('button.graphiql-execute-button').click()
    await shows(page, '"Ada"')
    assert.equal(page.url(), `${server.url}/graphql`)
    assert.deepEqual(foreign, [])
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('runs a subscription with the session: each event, the end, a stop, and a refusal', async (t) => {
    const { drafts, sites } = server.registry
    const input = { url: 'https://rye.example/', consent: 'required', allowPrivateAddresses: false } as const
    const site = (await sites.add(input)).site.id
    const request = { site, brief: 'br_0123456789abcdef', language: 'en', region: null, requestedBy: null }
    const context = await browser.createBrowserContext()
    t.after(() => context.close())
    const { page, complaints } = await openPage(context)
    await signIn(page)
    const run = async (draft: string) => {
      const id = Buffer.from(`Draft:${site}/${draft}`).toString('base64')
      await page.locator('.graphiql-query-editor .CodeMirror').click()
      await page.keyboard.down('Control')
      await page.keyboard.press('a')
      await page.keyboard.up('Control')
      await page.keyboard.sendCharacter(
        `subscription { draftProgress(ids: ["${id}"]) { status latestClaim } }`,
      )
      // At once: the editor itself reads what was typed a moment later.
      await page.keyboard.down('Control')
      await page.keyboard.press('Enter')
      await page.keyboard.up('Control')
    }
    const button = (action: string) =>
      page.waitForSelector(`.graphiql-execute-button[aria-label^=${action}]`, { visible: true })

    const { id } = await drafts.request(request)
    await run(id)
    await shows(page, '"QUEUED"')
    await button('Stop')
    const progress = { characters: 9, sections: 1, expectedSections: null, claim: 'Rye rises.', gates: 0 }
    await drafts.change(id, { from: ['queued'], to: 'writing', progress })
    await shows(page, '"Rye rises."')
    await drafts.cancel(id)
    await shows(page, '"CANCELLED"')
    await button('Execute')

    const aborted = new Promise((resolve) => page.once('requestfailed', resolve))
    const stopped = await drafts.request(request)
    await run(stopped.id)
    await shows(page, '"QUEUED"')
    await (await button('Stop'))?.click()
    await aborted
    await button('Execute')
    await drafts.cancel(stopped.id)
    assert.deepEqual(await complaints(), [])

    await run('unknown')
    await shows(page, '"BAD_USER_INPUT"')
    await button('Execute')
  })
})
