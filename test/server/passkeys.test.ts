import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, BrowserContext, CDPSession, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 240_000 }
const password = 'correct horse battery'
const email = 'ada@example.org'
const client = { network: '192.0.2.0/24', browser: null }

suite('passkeys in Chromium', limits, () => {
  let server: ReportServer
  let browser: Browser
  let context: BrowserContext
  /** The server at a name of this machine: passkeys are bound to names, and Chromium takes this one for secure. */
  let own: string
  let page: Page
  let complaints: () => Promise<string[]>
  let device: CDPSession
  let authenticator: string

  before(async () => {
    server = await startReportServer()
    own = server.url.replace('127.0.0.1', 'localhost')
    browser = await launchChromium()
    context = await browser.createBrowserContext()
    ;({ page, complaints } = await openPage(context))
    device = await page.createCDPSession()
    await device.send('WebAuthn.enable')
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    } as const
    authenticator = (await device.send('WebAuthn.addVirtualAuthenticator', { options })).authenticatorId
    const token = await server.accounts.welcoming.issue({ kind: 'administrator', email }, 'operator')
    await server.accounts.welcoming.accept({ token, email, name: 'Ada', password }, client)
    await page.goto(`${own}/sign-in`)
    await page.locator('input[name=email]').fill(email)
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await page.waitForSelector('a.signed-in')
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  /** Sends JSON from a page of the server, as the dashboard does. */
  const post = (path: string, body: unknown, from = page) =>
    from.evaluate(
      async (at, text) => {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(at, { method: 'POST', headers, body: text })
        return {
          status: answer.status,
          json: (await answer.json().catch(() => null)) as { code?: string } | null,
        }
      },
      path,
      JSON.stringify(body),
    )
  /** Lets the device answer a challenge to sign in, without sending the answer. */
  const answerOf = (from = page) =>
    from.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      const begun = await fetch('/account/passkey/begin', { method: 'POST', headers, body: '{}' })
      const options = (await begun.json()) as PublicKeyCredentialRequestOptionsJSON
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
      const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
      return credential.toJSON()
    })

  test('a person adds one on the page of the account, and it has a name', async () => {
    await page.goto(`${own}/you`)
    const form = 'form[aria-label="Add a passkey"]'
    await page.locator(`${form} input[name=name]`).fill('<b>my</b> "laptop"')
    await page.locator(`${form} button`).click()
    await page.waitForSelector('::-p-text(<b>my</b> "laptop")', { visible: true })
    await page.waitForSelector('::-p-text(not used yet)', { visible: true })
    assert.deepEqual(await brokenRules(page), [])
    const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId: authenticator })
    assert.deepEqual(
      credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential]),
      [['localhost', true]],
    )
    await page.locator(`${form} input[name=name]`).fill('again')
    await page.locator(`${form} button`).click()
    await page.waitForSelector('::-p-text(This device has a passkey of your account already.)', {
      visible: true,
    })
  })

  test('it signs in without a password, in a new session', async () => {
    const earlier = await context.cookies()
    await page.locator('::-p-text(Sign out)').click()
    await page.locator('::-p-text(Sign in with a passkey)').click()
    await page.waitForSelector('a.signed-in')
    const sessionOf = (cookies: typeof earlier) =>
      cookies.find(({ name }) => name === '__Host-peerpress')?.value
    assert.notEqual(sessionOf(await context.cookies()), sessionOf(earlier))
    await page.goto(`${own}/you`)
    await page.waitForSelector('::-p-text(signed in with a passkey)', { visible: true })
    const [account] = await server.registry.accounts.list()
    const [passkey] = await server.registry.passkeys.of(account?.id ?? '')
    assert.ok(passkey !== undefined && passkey.usedAt !== null && passkey.counter > 0)
  })

  test('an answer counts once', async () => {
    const credential = await answerOf()
    assert.equal((await post('/account/passkey/sign-in', { credential })).status, 200)
    const again = await post('/account/passkey/sign-in', { credential })
    assert.deepEqual([again.status, again.json?.code], [403, 'bad-challenge'])
  })

  test('an answer to the challenge of another browser is refused', async () => {
    const other = await browser.createBrowserContext()
    const stranger = await other.newPage()
    await stranger.goto(`${own}/sign-in`)
    const credential = await answerOf()
    assert.equal((await post('/account/passkey/begin', {}, stranger)).status, 200)
    const { status, json } = await post('/account/passkey/sign-in', { credential }, stranger)
    assert.deepEqual([status, json?.code], [403, 'bad-passkey'])
    await other.close()
  })

  test('a challenge of a sign-in adds no passkey, and one that was drawn in an ended session adds none', async () => {
    const credential = await answerOf()
    const { json } = await post('/account/passkey/add', { name: 'x', credential })
    assert.equal(json?.code, 'bad-challenge')
    assert.equal((await post('/account/passkey/add-begin', {})).status, 200)
    const signedIn = await post('/account/sign-in', { email, password })
    assert.equal(signedIn.status, 200)
    const late = await post('/account/passkey/add', { name: 'x', credential })
    assert.equal(late.json?.code, 'bad-challenge')
  })

  test('a copied authenticator, whose counter did not rise, is refused', async () => {
    const [account] = await server.registry.accounts.list()
    const [passkey] = await server.registry.passkeys.of(account?.id ?? '')
    assert.ok(passkey)
    assert.equal(await server.registry.passkeys.use(passkey.id, passkey.counter + 1000), true)
    const credential = await answerOf()
    const { status, json } = await post('/account/passkey/sign-in', { credential })
    assert.deepEqual([status, json?.code], [403, 'bad-passkey'])
    assert.equal(await server.registry.passkeys.use(passkey.id, passkey.counter + 1000), false)
  })

  test('garbage, an unknown credential and an address without a name are refused with what to do', async () => {
    for (const credential of [null, 'x', {}, { id: '!', rawId: '!', type: 'public-key', response: {} }]) {
      assert.equal((await post('/account/passkey/begin', {})).status, 200)
      const { status, json } = await post('/account/passkey/sign-in', { credential })
      assert.deepEqual([status, json?.code], [400, 'bad-input'])
    }
    const bare = await context.newPage()
    await bare.goto(`${server.url}/sign-in`)
    const refused = await post('/account/passkey/begin', {}, bare)
    assert.deepEqual([refused.status, refused.json?.code], [400, 'wrong-host'])
    await bare.close()
  })

  test('a person renames and removes it, and it signs in no more', async () => {
    await page.goto(`${own}/you`)
    page.once('dialog', (dialog) => {
      dialog.accept('phone').catch((error: unknown) => assert.fail(String(error)))
    })
    await page.locator('button[aria-label^="Rename"]').click()
    await page.waitForSelector('button[aria-label="Remove phone"]')
    const credential = await answerOf()
    page.once('dialog', (dialog) => {
      dialog.accept().catch((error: unknown) => assert.fail(String(error)))
    })
    await page.locator('button[aria-label="Remove phone"]').click()
    await page.waitForSelector('button[aria-label="Remove phone"]', { hidden: true })
    const { json } = await post('/account/passkey/sign-in', { credential })
    assert.equal(json?.code, 'bad-passkey')
    // The console reports the refusals above.
    assert.deepEqual(
      (await complaints()).filter((text) => !/status of 4\d\d/.test(text)),
      [],
    )
  })

  test('signing out everywhere ends every session, also the one that asks', async () => {
    const other = await browser.createBrowserContext()
    const second = await other.newPage()
    await second.goto(`${own}/sign-in`)
    assert.equal((await post('/account/sign-in', { email, password }, second)).status, 200)
    await page.goto(`${own}/you`)
    await page.waitForSelector('::-p-text(A browser in 127.0.0.0/24)', { visible: true })
    page.once('dialog', (dialog) => {
      dialog.accept().catch((error: unknown) => assert.fail(String(error)))
    })
    await page.locator('::-p-text(Sign out everywhere)').click()
    await page.waitForFunction(() => location.pathname === '/sign-in')
    await second.goto(`${own}/you`)
    await second.waitForFunction(() => location.pathname === '/sign-in')
    await other.close()
  })
})
