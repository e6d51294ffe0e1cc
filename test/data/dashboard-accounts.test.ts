import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, BrowserContext, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 180_000 }
const administrator = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }
const viewer = { name: 'Vic', email: 'vic@example.org', password: 'staple under the moon' }

suite('accounts on the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let own: BrowserContext
  let other: BrowserContext
  let site: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    own = await browser.createBrowserContext()
    other = await browser.createBrowserContext()
    const add = async (url: string) =>
      (await server.registry.sites.add({ url, consent: 'required', allowPrivateAddresses: false })).site.id
    await add('https://secret.example/')
    site = await add('https://garden.example/')
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  test('the operator token creates the first administrator, as after an upgrade of release 0.1', async () => {
    const { page, complaints } = await openPage(own)
    await page.goto(`${server.url}/sign-in`)
    await page.locator('::-p-text(create the first account with the operator token)').click()
    await page.waitForSelector('::-p-text(creates the first administrator)', { visible: true })
    await fill(page, { token: operatorToken, ...administrator })
    await page.waitForSelector('.report[aria-busy=false] table')
    assert.equal(await page.$eval('.signed-in', (element) => element.textContent), 'Ada')
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('the code of a link is not in the address any more, and a link without one is explained', async () => {
    const { page, complaints } = await openPage(other)
    await page.goto(`${server.url}/welcome`)
    await page.waitForSelector('::-p-text(lacks the code)', { visible: true })
    const email = 'bob@example.org'
    const token = await server.accounts.welcoming.issue({ kind: 'administrator', email }, 'operator')
    await page.goto('about:blank')
    await page.goto(`${server.url}/welcome#${token}`)
    await page.waitForSelector('input[name=password]')
    assert.equal(page.url(), `${server.url}/welcome`)
    await fill(page, { ...administrator, email, name: 'Bob' })
    await page.waitForSelector('.report[aria-busy=false] table')
    await page.locator('::-p-text(Sign out)').click()
    await page.waitForSelector('input[name=password]')
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a session ends by signing out, and begins again with the password', async () => {
    const { page } = await openPage(own)
    await page.goto(`${server.url}/sites/${site}?range=week`)
    await page.locator('::-p-text(Sign out)').click()
    await page.waitForSelector('input[name=password]')
    await page.goto(`${server.url}/sites/${site}?range=week`)
    await page.waitForSelector('input[name=password]')
    await fill(page, { email: administrator.email, password: 'not the password' })
    const alert = await page.waitForSelector('form [role=alert]')
    assert.notEqual(await alert?.evaluate((element) => element.textContent), '')
    await fill(page, { email: administrator.email, password: administrator.password })
    await page.waitForSelector('.get-started')
    assert.equal(page.url(), `${server.url}/sites/${site}?range=week`)
    await page.close()
  })

  test('a person changes the password, and closes the account', async () => {
    const context = await browser.createBrowserContext()
    const { page, complaints } = await openPage(context)
    const email = 'eve@example.org'
    const token = await server.accounts.welcoming.issue({ kind: 'administrator', email }, 'operator')
    await page.goto(`${server.url}/welcome#${token}`)
    await fill(page, { name: 'Eve', email, password: administrator.password })
    await page.locator('a.signed-in').click()
    await page.waitForSelector('::-p-text(Eve, eve@example.org)', { visible: true })
    assert.deepEqual(await brokenRules(page), [])
    for (const width of [360, 768, 1440]) {
      await page.setViewport({ width, height: 800 })
      await page.waitForFunction((expected) => document.documentElement.scrollWidth === expected, {}, width)
    }
    await page.locator('input[name=current]').fill(administrator.password)
    await page.locator('input[name=next]').fill('another long password')
    await page.locator('::-p-text(Change the password)').click()
    await page.waitForSelector('input[autocomplete=current-password]')
    await page.waitForFunction(() => location.pathname === '/sign-in')
    await fill(page, { email, password: 'another long password' })
    await page.waitForSelector('a.signed-in')
    await page.goto(`${server.url}/you`)
    await page.locator('input[name=email]').fill('somebody@example.org')
    await page.locator('::-p-text(Close the account for ever)').click()
    await page.waitForSelector('form [role=alert]::-p-text(Enter eve@example.org)', { visible: true })
    await page.locator('input[name=email]').fill(email)
    await page.locator('::-p-text(Close the account for ever)').click()
    await page.waitForFunction(() => location.pathname === '/sign-in')
    assert.equal((await server.registry.accounts.list()).some((account) => account.email === email), false)
    assert.deepEqual(await complaints(), [])
    await context.close()
  })

  test('an administrator invites another, ends an invitation, and closes an account', async () => {
    const { page, complaints } = await openPage(own)
    page.on('dialog', (dialog) => {
      dialog.accept().catch((error: unknown) => assert.fail(String(error)))
    })
    await page.goto(`${server.url}/you`)
    await page.locator('a[href$="/accounts"]').click()
    await page.waitForSelector('::-p-text(ada@example.org, administrator, since)', { visible: true })
    assert.equal(await page.$('button[aria-label="Close the account of Ada"]'), null)
    const invitation = 'form[aria-label="Invite an administrator"]'
    const invite = async (email: string) => {
      await page.locator(`${invitation} input[name=email]`).fill(email)
      await page.locator(`${invitation} button`).click()
      await page.waitForSelector(`${invitation} ::-p-text(The link for ${email})`, { visible: true })
      const shown = await page.waitForSelector(`${invitation} .once-shown code`)
      return (await shown?.evaluate((element) => element.textContent)) ?? ''
    }
    const ended = await invite('late@example.org')
    await page.locator('button[aria-label="Revoke the invitation of late@example.org"]').click()
    await page.waitForSelector('::-p-text(Invitations that wait)', { hidden: true })
    const link = await invite('grace@example.org')

    const context = await browser.createBrowserContext()
    const guest = await openPage(context)
    const grace = { name: 'Grace <i>H</i>', email: 'grace@example.org', password: administrator.password }
    await guest.page.goto(ended)
    await fill(guest.page, { ...grace, email: 'late@example.org' })
    await guest.page.waitForSelector('form [role=alert]')
    await guest.page.goto('about:blank')
    await guest.page.goto(link)
    await fill(guest.page, grace)
    await guest.page.waitForSelector('a.signed-in')

    await page.reload()
    await page.locator('button[aria-label="Remove lost devices of Grace <i>H</i>"]').click()
    await page.waitForResponse((response) => isMutation(response.request(), 'AccountSignInReset'))
    await guest.page.reload()
    await guest.page.waitForSelector('input[name=password]')
    await page.locator('button[aria-label="Close the account of Grace <i>H</i>"]').click()
    await page.waitForSelector('::-p-text(Grace <i>H</i>)', { hidden: true })
    assert.deepEqual(await complaints(), [])
    await context.close()
    await page.close()
  })

  test('an invited viewer sees its own site alone, and cannot change it', async () => {
    const { page, complaints } = await openPage(own)
    await page.goto(`${server.url}/sites/${site}/settings`)
    const invitation = 'form[aria-label="Invite a member"]'
    await page.locator(`${invitation} input[name=email]`).fill(viewer.email)
    await page.locator(`${invitation} button`).click()
    const shown = await page.waitForSelector(`${invitation} .once-shown code`)
    const link = (await shown?.evaluate((element) => element.textContent)) ?? ''
    assert.ok(link.startsWith(`${server.url}/welcome#`), link)

    const guest = await openPage(other)
    await guest.page.goto(link)
    await fill(guest.page, viewer)
    await guest.page.waitForSelector('.report[aria-busy=false] table')
    const names = await guest.page.$$eval('tbody th a', (links) => links.map((each) => each.textContent))
    assert.deepEqual(names, ['garden.example'])
    await guest.page.goto(`${server.url}/sites/${site}/connectors`)
    await guest.page.waitForSelector('::-p-text(Only the owners of this site)', { visible: true })
    await guest.page.goto(`${server.url}/sites/${site}/alerts`)
    await guest.page.waitForSelector('.budgets')
    assert.equal(await guest.page.$('main form'), null)
    await guest.page.goto(`${server.url}/sites/${site}/settings`)
    await guest.page.waitForSelector('::-p-text(Only the owners of this site)', { visible: true })
    assert.equal(await guest.page.$('main form'), null)
    assert.deepEqual(await guest.complaints(), [])

    await page.reload()
    const role = 'select[aria-label="Role of Vic"]'
    await page.waitForSelector(role)
    const changed = page.waitForResponse((response) => isMutation(response.request(), 'MemberRoleSet'))
    await page.select(role, 'OWNER')
    assert.equal((await changed).status(), 200)
    await guest.page.reload()
    await guest.page.waitForSelector('.settings form')
    await guest.page.close()

    page.once('dialog', (dialog) => {
      dialog.accept().catch((error: unknown) => assert.fail(String(error)))
    })
    await page.locator('button[aria-label="Remove Vic"]').click()
    await page.waitForSelector('::-p-text(No account has a role in this site yet)', { visible: true })
    assert.deepEqual(await server.registry.memberships.of(site), [])
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a token is shown once, holds for its site, and ends when it is revoked', async () => {
    const { page, complaints } = await openPage(own)
    await page.goto(`${server.url}/sites/${site}/settings`)
    const form = 'form[aria-label="Make a token"]'
    await page.locator(`${form} input[name=name]`).fill('weekly report')
    await page.locator(`${form} button`).click()
    const shown = await page.waitForSelector(`${form} .once-shown code`)
    const secret = (await shown?.evaluate((element) => element.textContent)) ?? ''
    const read = async () => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
        body: JSON.stringify({ query: '{ sites { edges { node { siteId } } } }' }),
      })
      return { status: response.status, body: (await response.json()) as { data?: unknown } }
    }
    const { status, body } = await read()
    assert.deepEqual([status, body.data], [200, { sites: { edges: [{ node: { siteId: site } }] } }])
    await page.reload()
    const revoke = await page.waitForSelector('button[aria-label="Revoke weekly report"]')
    assert.ok(!(await page.content()).includes(secret))
    page.once('dialog', (dialog) => {
      dialog.accept().catch((error: unknown) => assert.fail(String(error)))
    })
    await revoke?.click()
    await page.waitForSelector('button[aria-label="Revoke weekly report"]', { hidden: true })
    assert.equal((await read()).status, 401)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('the tokens of all seeds are renewed by one button, after a question', async () => {
    const { apiTokens } = server.registry
    const former = await server.accounts.tokens.issue(
      { name: 'old seed', sites: [site], scopes: ['seed'], expiresAt: null },
      { kind: 'administrator', account: null },
    )
    const { page, complaints } = await openPage(own)
    await page.goto(`${server.url}/sites/${site}/settings`)
    const button = '::-p-aria([name="Renew the token of all seeds"])'
    await page.waitForSelector('button[aria-label="Revoke old seed"]')
    const asked = new Promise<string>((resolve) => {
      page.once('dialog', (dialog) => {
        resolve(dialog.message())
        dialog.dismiss().catch((error: unknown) => assert.fail(String(error)))
      })
    })
    await page.locator(button).click()
    assert.match(await asked, /End the tokens of all seeds of this site\?/)
    assert.notEqual(await apiTokens.get(former.token.id), null)
    page.once('dialog', (dialog) => {
      dialog.accept().catch((error: unknown) => assert.fail(String(error)))
    })
    await page.locator(button).click()
    const shown = await page.waitForSelector('.once-shown code')
    const secret = (await shown?.evaluate((element) => element.textContent)) ?? ''
    assert.match(secret, /^pp_/)
    assert.equal(await apiTokens.get(former.token.id), null)
    const authorization = `Bearer ${secret}`
    const principal = await server.accounts.credentials.principalOf({ authorization, session: null })
    assert.deepEqual(principal.kind === 'token' && [principal.scopes, principal.sites], [['seed'], [site]])
    assert.deepEqual(await complaints(), [])
    await page.close()
  })
})

/** Fills the form of the page and sends it. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`input[name=${name}]`).fill(value)
  await page.keyboard.press('Enter')
}

function isMutation(request: { postData(): string | undefined }, name: string): boolean {
  return request.postData()?.includes(`"operationName":"${name}"`) === true
}
