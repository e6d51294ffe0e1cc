import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, request as send, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import Provider from 'oidc-provider'
import type { Browser, Page } from 'puppeteer-core'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const limits = { timeout: 240_000 }
const password = 'correct horse battery'
const clientSecret = 'a secret of the provider, of many characters'

/** A person at the provider, who signs in there by the name alone. */
interface Person {
  readonly email?: string
  readonly email_verified?: boolean
}

const people: Readonly<Record<string, Person>> = {
  ada: { email: 'Ada@Example.org', email_verified: true },
  invited: { email: 'invited@example.org', email_verified: true },
  stranger: { email: 'stranger@example.org', email_verified: true },
  unverified: { email: 'ada@example.org', email_verified: false },
  nameless: {},
  private: { email: 'private@elsewhere.example', email_verified: true },
}

suite('sign-in by an identity provider', limits, () => {
  let provider: Server
  let issuer: string
  let server: ServerProcess
  let own: string
  let browser: Browser

  before(async () => {
    provider = createServer()
    provider.listen(0, '127.0.0.1')
    await once(provider, 'listening')
    issuer = `http://localhost:${(provider.address() as AddressInfo).port}`
    const secretFile = join(tmpdir(), `peerpress-oidc-secret-${process.pid}`)
    await writeFile(secretFile, `${clientSecret}\n`)
    server = await startServerProcess({
      PEERPRESS_OIDC_ISSUER: issuer,
      PEERPRESS_OIDC_CLIENT_ID: 'peerpress',
      PEERPRESS_OIDC_SECRET_FILE: secretFile,
      PEERPRESS_OIDC_NAME: 'Example Staff',
    })
    own = server.url.replace('127.0.0.1', 'localhost')
    const answer = createProvider(issuer, `${own}/account/provider/callback`)
    provider.on('request', (request, response) => {
      answer(request, response).catch((error: unknown) => response.destroy(error as Error))
    })
    browser = await launchChromium()
    const page = await newPage()
    const first = { token: await server.token(), email: 'ada@example.org', name: 'Ada', password }
    assert.equal((await post(page, '/account/first', first)).status, 200)
    await page.browserContext().close()
  }, limits)
  after(async () => {
    await browser?.close()
    provider?.closeAllConnections()
    provider?.close()
    await server?.close()
  })

  /** Opens the page to sign in, in a browser of its own. */
  async function newPage(): Promise<Page> {
    const page = await (await browser.createBrowserContext()).newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(`${own}/sign-in`)
    return page
  }

  /** Signs in at the provider, from a page of this server. */
  async function signInAs(page: Page, person: string): Promise<void> {
    await page.locator('::-p-text(Sign in with Example Staff)').click()
    await atProvider(page, person)
  }

  const nameOf = (page: Page) =>
    page.evaluate(async () => {
      const answer = (await (await fetch('/account')).json()) as {
        principal: { email: string | null } | null
      }
      return answer.principal?.email ?? null
    })

  test('a person with an account and the same verified address is signed in', async () => {
    const page = await newPage()
    await signInAs(page, 'ada')
    assert.equal(await nameOf(page), 'ada@example.org')
    assert.equal(page.url(), `${own}/`)
    await page.goto(`${own}/you`)
    await page.waitForSelector('::-p-text(signed in by the identity provider)', { visible: true })
    await page.browserContext().close()
  })

  test('an invited person gets an account without a password, and the role of the invitation', async () => {
    const site = await graph<{ siteAdd: { site: { siteId: string } } }>(
      'mutation { siteAdd(input: { url: "https://garden.example/", consent: REQUIRED, allowPrivateAddresses: false }) { site { siteId } } }',
    )
    const { siteId } = site.siteAdd.site
    const invite = `mutation { memberInvite(input: { siteId: "${siteId}", email: "invited@example.org", role: EDITOR }) { link } }`
    await graph(invite)
    const page = await newPage()
    await signInAs(page, 'invited')
    assert.equal(await nameOf(page), 'invited@example.org')
    const { site: found } = await graph<{
      site: {
        members: readonly { role: string; account: { email: string } }[]
        invitations: readonly object[]
      }
    }>(`{ site(siteId: "${siteId}") { members { role account { email } } invitations { email } } }`)
    assert.deepEqual(found.members, [{ role: 'EDITOR', account: { email: 'invited@example.org' } }])
    assert.deepEqual(found.invitations, [])
    const unlink = await post(page, '/graphql', {
      query: `mutation { providerUnlink(input: { providerLinkId: "${await linkOf(page)}" }) { userErrors { code } } }`,
    })
    assert.match(unlink.text, /LAST_WAY/)
    await page.browserContext().close()
  })

  test('nobody else gets an account, and the page says what to do', async () => {
    for (const [person, code, advice] of [
      ['stranger', 'not-invited', 'Ask an owner of the site to invite it'],
      ['unverified', 'unverified-email', 'Have it verified there'],
      ['nameless', 'unverified-email', 'Have it verified there'],
    ] as const) {
      const page = await newPage()
      await signInAs(page, person)
      assert.equal(page.url(), `${own}/sign-in?problem=${code}`)
      await page.waitForSelector(`::-p-text(${advice})`, { visible: true })
      assert.equal(await nameOf(page), null)
      await page.browserContext().close()
    }
  })

  test('a signed-in person links another address at the provider, and signs in by it afterwards', async () => {
    const page = await newPage()
    await post(page, '/account/sign-in', { email: 'ada@example.org', password })
    await page.goto(`${own}/you`)
    await page.locator('::-p-text(Link this account to Example Staff)').click()
    await atProvider(page, 'private')
    assert.equal(page.url(), `${own}/you`)
    await page.waitForSelector('::-p-text(private@elsewhere.example)', { visible: true })
    await page.browserContext().close()
    const later = await newPage()
    await signInAs(later, 'private')
    assert.equal(await nameOf(later), 'ada@example.org')
    await later.browserContext().close()
  })

  test('a callback counts once, in the browser that began, and with its own state', async () => {
    const page = await newPage()
    const answers: string[] = []
    page.on('request', (request) => {
      if (request.url().includes('/account/provider/callback')) answers.push(request.url())
    })
    await signInAs(page, 'ada')
    const [answer = ''] = answers
    assert.match(answer, /code=/)
    await post(page, '/account/sign-out', {})
    await page.goto(answer)
    assert.equal(page.url(), `${own}/sign-in?problem=bad-challenge`)

    const victim = await newPage()
    await victim.goto(answer)
    assert.equal(victim.url(), `${own}/sign-in?problem=bad-challenge`)
    assert.equal((await post(victim, '/account/provider/begin', {})).status, 200)
    await victim.goto(answer)
    assert.equal(victim.url(), `${own}/sign-in?problem=provider-failed`)
    assert.equal(await nameOf(victim), null)
    await victim.browserContext().close()
    await page.browserContext().close()
  })

  test('a person who cancels at the provider comes back with the reason', async () => {
    const page = await newPage()
    await page.locator('::-p-text(Sign in with Example Staff)').click()
    await page.waitForSelector('a[href*=abort]')
    await Promise.all([page.waitForNavigation(), page.click('a[href*=abort]')])
    await page.waitForFunction((at) => location.href.startsWith(at), {}, own)
    assert.equal(page.url(), `${own}/sign-in?problem=provider-refused`)
    await page.browserContext().close()
  })

  test('a page of another site begins nothing, and nobody links without a session', async () => {
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' }
    const foreign = await fetch(`${server.url}/account/provider/begin`, {
      method: 'POST',
      headers,
      body: '{}',
    })
    assert.equal(foreign.status, 403)
    const page = await newPage()
    const { status } = await post(page, '/account/provider/begin', { link: true })
    assert.equal(status, 401)
    await page.browserContext().close()
  })

  async function linkOf(page: Page): Promise<string> {
    const { text } = await post(page, '/graphql', {
      query: '{ ownSignIn { providerLinks { providerLinkId } } }',
    })
    return /"providerLinkId":"(\w+)"/.exec(text)?.[1] ?? ''
  }

  async function graph<Data>(query: string): Promise<Data> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await server.token()}` },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await response.json()) as { readonly data: Data; readonly errors?: object }
    assert.equal(errors, undefined)
    return data
  }
})

suite('sign-in by an identity provider, with both behind paths of proxies', limits, () => {
  /** As Keycloak has it: a server of several issuers, and a proxy that takes the path off. */
  const issuerPath = '/auth/realms/staff'
  const ownPath = '/peerpress'
  let provider: Server
  let proxy: Server
  let server: ServerProcess
  let own: string
  let browser: Browser

  before(async () => {
    provider = createServer()
    proxy = createServer()
    for (const each of [provider, proxy]) {
      each.listen(0, '127.0.0.1')
      await once(each, 'listening')
    }
    const portOf = (of: Server) => (of.address() as AddressInfo).port
    const issuer = `http://localhost:${portOf(provider)}${issuerPath}`
    const origin = `http://localhost:${portOf(proxy)}`
    own = `${origin}${ownPath}`
    const secretFile = join(tmpdir(), `peerpress-oidc-path-secret-${process.pid}`)
    await writeFile(secretFile, clientSecret)
    server = await startServerProcess({
      PEERPRESS_PUBLIC_URL: origin,
      PEERPRESS_OIDC_ISSUER: issuer,
      PEERPRESS_OIDC_CLIENT_ID: 'peerpress',
      PEERPRESS_OIDC_SECRET_FILE: secretFile,
      PEERPRESS_OIDC_NAME: 'Example Staff',
    })
    const answer = createProvider(issuer, `${own}/account/provider/callback`)
    provider.on('request', (request, response) => {
      if (request.url?.startsWith(`${issuerPath}/`) !== true) {
        response.writeHead(404).end()
        return
      }
      const mounted = Object.assign(request, { originalUrl: request.url })
      mounted.url = request.url.slice(issuerPath.length)
      answer(mounted, response).catch((error: unknown) => response.destroy(error as Error))
    })
    const { hostname, port } = new URL(server.url)
    proxy.on('request', (incoming, response) => {
      const { method, headers, url = '' } = incoming
      if (!url.startsWith(`${ownPath}/`)) {
        response.writeHead(404).end('not under the path')
        return
      }
      const forwarded = send({ hostname, port, method, headers, path: url.slice(ownPath.length) }, (from) => {
        response.writeHead(from.statusCode ?? 502, from.headers)
        from.pipe(response)
      })
      forwarded.on('error', () => response.destroy())
      incoming.pipe(forwarded)
    })
    browser = await launchChromium()
    const page = await newPage()
    const first = { token: await server.token(), email: 'ada@example.org', name: 'Ada', password }
    assert.equal((await post(page, `${ownPath}/account/first`, first)).status, 200)
    await page.browserContext().close()
  }, limits)
  after(async () => {
    await browser?.close()
    for (const each of [provider, proxy]) {
      each?.closeAllConnections()
      each?.close()
    }
    await server?.close()
  })

  async function newPage(): Promise<Page> {
    const page = await (await browser.createBrowserContext()).newPage()
    page.setDefaultTimeout(20_000)
    await page.goto(`${own}/sign-in`)
    return page
  }

  test('a person comes back to the dashboard under its path, and so does one who is refused', async () => {
    for (const [person, end] of [
      ['ada', `${own}/`],
      ['stranger', `${own}/sign-in?problem=not-invited`],
    ] as const) {
      const page = await newPage()
      await page.locator('::-p-text(Sign in with Example Staff)').click()
      await atProvider(page, person, `${ownPath}/`)
      assert.equal(page.url(), end)
      const text = await page.evaluate(async (at) => (await fetch(at)).text(), `${ownPath}/account`)
      assert.equal(text.includes('ada@example.org'), person === 'ada', text)
      await page.browserContext().close()
    }
  })

  test('a person who links the provider comes back to the page of the account', async () => {
    const page = await newPage()
    const signIn = { email: 'ada@example.org', password }
    assert.equal((await post(page, `${ownPath}/account/sign-in`, signIn)).status, 200)
    await page.goto(`${own}/you`)
    await page.locator('::-p-text(Link this account to Example Staff)').click()
    await atProvider(page, 'private', `${ownPath}/`)
    assert.equal(page.url(), `${own}/you`)
    await page.browserContext().close()
  })

  test('a path that leads away from this server is refused', async () => {
    const page = await newPage()
    for (const base of [
      '//evil.example/',
      '/../',
      '/a',
      '/a?b=/',
      '/\\evil.example/',
      `/${'a/'.repeat(200)}`,
      5,
    ]) {
      const { status } = await post(page, `${ownPath}/account/provider/begin`, { base })
      assert.equal(status, 400, String(base))
    }
    await page.browserContext().close()
  })
})

/** Sends JSON from a page of the server. */
function post(page: Page, path: string, body: object) {
  return page.evaluate(
    async (at, text) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(at, { method: 'POST', headers, body: text })
      return { status: answer.status, text: await answer.text() }
    },
    path,
    JSON.stringify(body),
  )
}

/** Gives a name on the provider's pages, agrees, and waits until the browser is back under a path of this server. */
async function atProvider(page: Page, person: string, base = '/'): Promise<void> {
  await page.waitForSelector('input[name=login]')
  await page.type('input[name=login]', person)
  await page.type('input[name=password]', 'any')
  await Promise.all([page.waitForNavigation(), page.click('button')])
  if ((await page.$('input[name=prompt][value=consent]')) !== null) {
    await Promise.all([page.waitForNavigation(), page.click('button')])
  }
  await page.waitForFunction(
    (root) => ['', 'you', 'sign-in'].some((path) => location.pathname === `${root}${path}`),
    {},
    base,
  )
}

/** A real provider, with its own pages for development: any name signs in. */
function createProvider(issuer: string, redirect: string) {
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'peerpress', client_secret: clientSecret, redirect_uris: [redirect] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of the test'] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: `Name of ${id}`, ...people[id] }),
    }),
  })
  return provider.callback()
}
