import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const limits = { timeout: 240_000 }
const password = 'correct horse battery'

suite('the session of an account in Chromium', limits, () => {
  let server: ServerProcess
  let browser: Browser
  let page: Page
  /** The server at a name of this machine, which Chromium takes for secure. */
  let own: string
  /** A page of another site, as whatever the test puts into it. */
  let other: Server
  let otherUrl: string
  let otherPage = ''

  before(async () => {
    server = await startServerProcess()
    own = server.url.replace('127.0.0.1', 'localhost')
    other = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(otherPage)
    })
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
    browser = await launchChromium()
    page = await browser.newPage()
    await page.goto(`${own}/`)
    const first = { token: await server.token(), email: 'ada@example.org', name: 'Ada', password }
    assert.equal(await post('/account/first', first), 200)
  }, limits)
  after(async () => {
    await browser?.close()
    other?.close()
    await server?.close()
  })

  /** Sends JSON from the page, with the browser's own headers. Returns the status. */
  const post = (path: string, body: object) =>
    page.evaluate(
      async (at, text) => {
        const headers = { 'content-type': 'application/json' }
        return (await fetch(at, { method: 'POST', headers, body: text })).status
      },
      path,
      JSON.stringify(body),
    )
  const principal = () =>
    page.evaluate(async () => {
      const answer = (await (await fetch('/account')).json()) as { principal: { name: string | null } | null }
      return answer.principal?.name ?? null
    })
  const verifier = randomBytes(32).toString('base64url')
  const fields = () => ({
    url: `${otherUrl}/`,
    return: `${otherUrl}/back`,
    state: 'a-random-state',
    challenge: createHash('sha256').update(verifier).digest('base64url'),
    consent: 'required',
    private: 'yes',
  })
  const openOther = async (html: string) => {
    otherPage = html
    const tab = await browser.newPage()
    await tab.goto(otherUrl)
    return tab
  }

  test('is kept over a reload, and no script reads it', async () => {
    await page.reload()
    assert.equal(await principal(), 'Ada')
    assert.equal(await page.evaluate(() => document.cookie), '')
    const invite = 'mutation { administratorInvite(input: { email: "b@example.org" }) { link } }'
    assert.equal(await post('/graphql', { query: invite }), 200)
  })

  test('approves nothing for a form of another site', async () => {
    const inputs = Object.entries(fields()).map(([name, value]) => `<input name="${name}" value="${value}">`)
    const tab = await openOther(
      `<form method="post" action="${own}/connect">${inputs.join('')}<button>Win</button></form>`,
    )
    await Promise.all([tab.waitForNavigation(), tab.click('button')])
    assert.equal(new URL(tab.url()).origin, own)
    assert.match(await tab.content(), /page of another origin/)
    await tab.close()
  })

  test('changes and shows nothing for a script of another site', async () => {
    const tab = await openOther('<title>other</title>')
    const outcomes = await tab.evaluate(async (at) => {
      const body = JSON.stringify({ query: 'mutation { operatorTokenRotate { rotated } }' })
      const send = async (path: string, init: RequestInit) => {
        try {
          return (await fetch(at + path, { credentials: 'include', ...init })).status
        } catch {
          return 'blocked'
        }
      }
      return [
        await send('/account', {}),
        await send('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
        await send('/account/sign-out', { method: 'POST' }),
      ]
    }, own)
    assert.deepEqual(outcomes, ['blocked', 'blocked', 'blocked'])
    const former = await server.token()
    await tab.evaluate(async (at) => {
      const body = JSON.stringify({ query: 'mutation { operatorTokenRotate { rotated } }' })
      // No preflight precedes a simple request, so it arrives.
      const simple = { method: 'POST', mode: 'no-cors', credentials: 'include', body } as const
      await fetch(`${at}/graphql`, simple)
      await fetch(`${at}/account/sign-out`, { ...simple, body: '' })
    }, own)
    assert.equal(await server.token(), former)
    assert.equal(await principal(), 'Ada')
    await tab.close()
  })

  test('approves a site on the page of the server, which sends the browser back with a code', async () => {
    const tab = await browser.newPage()
    await tab.goto(`${own}/connect?${new URLSearchParams(fields()).toString()}`)
    assert.match(await tab.content(), /signed in as <strong>Ada<\/strong>/)
    await tab.click('input[name=private]')
    await Promise.all([tab.waitForNavigation(), tab.click('button')])
    const back = new URL(tab.url())
    assert.deepEqual(
      [back.origin, back.pathname, back.searchParams.get('state')],
      [otherUrl, '/back', 'a-random-state'],
    )
    const redeemed = await fetch(`${server.url}/v1/connect`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: back.searchParams.get('code'), verifier }),
    })
    assert.equal(redeemed.status, 200)
    await tab.close()
  })

  test('ends with a sign-out', async () => {
    assert.equal(await post('/account/sign-out', {}), 204)
    assert.equal(await principal(), null)
  })
})
