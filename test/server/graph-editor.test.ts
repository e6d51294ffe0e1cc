import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
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

  test('asks to sign in first, and runs queries with the session, from own files alone', async () => {
    const { page, complaints } = await openPage(browser)
    const foreign: string[] = []
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith(server.url) && !url.startsWith('data:')) foreign.push(url)
    })
    await page.goto(`${server.url}/graphql`)
    await page.waitForFunction(() => location.pathname === '/sign-in')
    await page.locator('input[name=email]').fill(email)
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await page.locator('button.graphiql-execute-button').click()
    await page.waitForFunction(() =>
      document.querySelector('.graphiql-response')?.textContent?.includes('"Ada"'),
    )
    assert.equal(page.url(), `${server.url}/graphql`)
    assert.deepEqual(foreign, [])
    assert.deepEqual(await complaints(), [])
    await page.close()
  })
})
