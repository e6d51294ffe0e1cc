import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readConfig } from './config/config.ts'
import { type RunningServer, startServer } from './compose.ts'

const password = 'correct horse battery'

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- the address decides the shape
  readonly json: any
}

describe('accounts of a server', { timeout: 300_000 }, () => {
  let data: string
  let server: RunningServer
  let port: number
  let own: string
  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'peerpress-accounts-server-'))
    server = await startServer(
      readConfig({
        PEERPRESS_DATA: data,
        PEERPRESS_PORT: '0',
        PEERPRESS_ROLES: 'collector,publisher,tracker,api',
      }),
    )
    port = Number(new URL(server.url).port)
    own = `http://localhost:${port}`
  })
  after(async () => {
    await server.close()
    await rm(data, { recursive: true, force: true })
  })

  interface Sent {
    readonly method?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string | object
  }

  /** Sends a request as a browser does, with headers that fetch would not let a program set. */
  const send = (path: string, { method = 'GET', headers = {}, body }: Sent = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const text = Buffer.concat(parts).toString()
          const isJson = /json/.test(response.headers['content-type'] ?? '') && text !== ''
          const json: unknown = isJson ? JSON.parse(text) : null
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
        })
      })
      sent.on('error', reject)
      for (const [name, value] of Object.entries({ host: `localhost:${port}`, ...headers })) {
        sent.setHeader(name, value)
      }
      sent.end(typeof body === 'object' ? JSON.stringify(body) : body)
    })
  const post = (path: string, body: string | object, headers: Readonly<Record<string, string>> = {}) =>
    send(path, {
      method: 'POST',
      headers: { origin: own, 'content-type': 'application/json', ...headers },
      body,
    })
  const cookieOf = ({ headers }: Answer) => headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  const graph = (query: string, headers: Readonly<Record<string, string>>, variables: object = {}) =>
    send('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...headers,
      },
      body: { query, variables },
    })
  const operatorToken = async () => (await readFile(join(data, 'operator-token'), 'utf8')).trim()
  const asOperator = async () => ({ authorization: `Bearer ${await operatorToken()}` })
  /** Lets a person in by a link that the operator makes. Returns the session's cookie. */
  const welcome = async (
    mutation: string,
    input: { readonly email: string; readonly [name: string]: string },
  ) => {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`
    const query = `mutation($input: ${type}) { ${mutation}(input: $input) { link } }`
    const { json } = await graph(query, await asOperator(), { input })
    const [, token] = json.data[mutation].link.split('/welcome#')
    const answer = await post('/account/first', { token, email: input.email, name: 'Person', password })
    assert.equal(answer.status, 200, answer.text)
    return cookieOf(answer)
  }
  const addSite = async (url: string): Promise<string> => {
    const query = `mutation($input: SiteAddInput!) { siteAdd(input: $input) { site { siteId } } }`
    const input = { url, consent: 'ASSUMED', allowPrivateAddresses: false }
    const { json } = await graph(query, await asOperator(), { input })
    return json.data.siteAdd.site.siteId
  }

  test('the first start makes a link that creates the first administrator and signs in', async () => {
    assert.match(server.firstLink ?? '', new RegExp(`^http://localhost:${port}/welcome#[\\w-]{43}$`))
    assert.deepEqual((await send('/account')).json, { principal: null, firstStart: true, provider: null })
    const token = server.firstLink?.split('#')[1]
    const input = { token, email: 'First@Example.org', name: 'First', password }
    const answer = await post('/account/first', input)
    assert.equal(answer.status, 200)
    assert.match(
      answer.headers['set-cookie']?.[0] ?? '',
      /^__Host-peerpress=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000$/,
    )
    assert.equal(answer.headers['cache-control'], 'no-store')
    const { json } = await send('/account', { headers: { cookie: `a=b; ${cookieOf(answer)}; c` } })
    assert.deepEqual(
      { ...json.principal, id: '' },
      { kind: 'administrator', id: '', name: 'First', email: 'first@example.org', sites: [] },
    )
    assert.equal(json.firstStart, false)
    assert.equal((await post('/account/first', input)).json.code, 'bad-link')
  })

  test('the operator token creates an administrator, too, and is readable by its owner alone', async () => {
    const token = ` ${await operatorToken()}\n`
    const input = { token, email: 'byoperator@example.org', name: 'By operator', password }
    const { status, json } = await post('/account/first', input)
    assert.deepEqual([status, json.principal.kind], [200, 'administrator'])
    assert.equal((await stat(join(data, 'operator-token'))).mode & 0o777, 0o600)
  })

  test('signing in replaces the session that the browser had, and signing out ends it', async () => {
    const credentials = { email: 'first@example.org', password }
    const planted = `__Host-peerpress=${'A'.repeat(43)}`
    const first = cookieOf(await post('/account/sign-in', credentials, { cookie: planted }))
    assert.notEqual(first, planted)
    const second = cookieOf(await post('/account/sign-in', credentials, { cookie: first }))
    const kindOf = async (cookie: string) =>
      (await send('/account', { headers: { cookie } })).json.principal?.kind ?? null
    assert.deepEqual(await Promise.all([planted, first, second].map(kindOf)), [null, null, 'administrator'])
    const out = await post('/account/sign-out', '', { cookie: second })
    assert.equal(out.status, 204)
    assert.match(out.headers['set-cookie']?.[0] ?? '', /Max-Age=0$/)
    assert.equal(await kindOf(second), null)
  })

  test('wrong credentials, bodies and types are refused, each with its code', async () => {
    const right = { email: 'first@example.org', password }
    for (const [body, headers, status, code] of [
      [{ ...right, password: 'not the password' }, {}, 403, 'wrong-credentials'],
      [{ ...right, email: 'nobody@example.org' }, {}, 403, 'wrong-credentials'],
      [{ email: 'first@example.org' }, {}, 400, 'bad-input'],
      ['{"email":', {}, 400, 'bad-input'],
      ['[]', {}, 400, 'bad-input'],
      ['x'.repeat(20_000), {}, 413, 'too-large'],
      [right, { 'content-type': 'text/plain' }, 415, 'not-json'],
      [right, { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'not-json'],
    ] as const) {
      const answer = await post('/account/sign-in', body, headers)
      assert.deepEqual([answer.status, answer.json.code], [status, code], JSON.stringify(body).slice(0, 60))
      assert.equal(answer.headers['set-cookie'], undefined)
    }
  })

  test('a page of another origin neither signs in nor out', async () => {
    const right = { email: 'first@example.org', password }
    for (const path of ['/account/sign-in', '/account/sign-out', '/account/first']) {
      for (const origin of [
        'https://evil.example',
        `http://localhost:${port + 1}`,
        'null',
        `${own}.evil.example`,
      ]) {
        const answer = await post(path, right, { origin })
        assert.deepEqual([answer.status, answer.json.code], [403, 'foreign-origin'], `${path} ${origin}`)
      }
      const { host: _, ...none } = { host: '', 'content-type': 'application/json' }
      const answer = await send(path, { method: 'POST', headers: none, body: right })
      assert.deepEqual([answer.status, answer.json.code], [403, 'foreign-origin'])
    }
  })

  test('over plain HTTP signing in is refused with the reason, except on this machine', async () => {
    const right = { email: 'first@example.org', password }
    const from = (host: string, scheme: string) =>
      post('/account/sign-in', right, { host, origin: `${scheme}://${host}` })
    for (const host of ['reports.example', '192.0.2.1:4600', 'localhost.evil.example']) {
      const { status, json } = await from(host, 'http')
      assert.deepEqual([status, json.code], [403, 'insecure'], host)
      assert.match(json.detail, /plain HTTP .* https address/)
    }
    for (const [host, scheme] of [
      ['reports.example', 'https'],
      [`127.0.0.1:${port}`, 'http'],
      [`[::1]:${port}`, 'http'],
      [`reports.localhost:${port}`, 'http'],
    ] as const) {
      assert.equal((await from(host, scheme)).status, 200, host)
    }
  })

  test('a session changes something only for a page of this server', async () => {
    const cookie = cookieOf(await post('/account/sign-in', { email: 'first@example.org', password }))
    const mutation = 'mutation { administratorInvite(input: { email: "new@example.org" }) { link } }'
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${port}` },
    ]) {
      const { status, json } = await graph(mutation, { cookie, ...headers })
      assert.deepEqual([status, json.errors[0].extensions.code], [403, 'FORBIDDEN'], JSON.stringify(headers))
    }
    assert.equal((await graph(mutation, { cookie, origin: own })).status, 200)
    assert.equal((await graph('{ me { name } }', { cookie })).json.data.me.name, 'First')
    // A program is no browser: nothing adds its token to requests of other pages.
    assert.equal((await graph(mutation, await asOperator())).status, 200)
    const evil = { ...(await asOperator()), origin: 'https://evil.example' }
    assert.equal((await graph(mutation, evil)).status, 403)
  })

  test('routes of files are for those who may read them', async () => {
    const site = await addSite('https://exported.example')
    const path = `/v1/sites/${site}/views.parquet?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z`
    const other = await addSite('https://other.example')
    const invite = { siteId: other, email: 'stranger@example.org', role: 'OWNER' }
    const stranger = await welcome('memberInvite', invite)
    const viewer = await welcome('memberInvite', {
      siteId: site,
      email: 'viewer@example.org',
      role: 'VIEWER',
    })
    for (const cookie of [stranger, viewer]) {
      assert.equal((await send(path, { headers: { cookie } })).status, 403)
      const backup = await send('/v1/backup', { method: 'POST', headers: { cookie, origin: own } })
      assert.equal(backup.status, 403)
    }
    assert.equal((await send(path)).status, 401)
    assert.equal((await send(path, { headers: await asOperator() })).status, 200)
  })

  test('wrong passwords from the same network do not lock out a browser that signed in before', async () => {
    const email = 'besieged@example.org'
    await welcome('administratorInvite', { email })
    const signIn = (text: string, headers = {}) =>
      post('/account/sign-in', { email, password: text }, headers)
    const begun = await signIn(password)
    const known = begun.headers['set-cookie']?.[1] ?? ''
    assert.match(
      known,
      /^__Host-peerpress-browser=[\w-]{22}\.[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=34560000$/,
    )
    const [cookie = ''] = known.split(';')
    for (let i = 0; i < 10; i++) assert.equal((await signIn('not the password')).status, 403)
    const locked = await signIn(password)
    assert.deepEqual([locked.status, locked.json.code], [429, 'throttled'])
    const again = await signIn(password, { cookie })
    assert.deepEqual([again.status, again.headers['set-cookie']?.[1]], [200, known])
    // The cookie lets nobody in by itself, and stays when the person signs out.
    assert.equal((await send('/account', { headers: { cookie } })).json.principal, null)
    const out = await post('/account/sign-out', '', { cookie: `${cookie}; ${cookieOf(again)}` })
    assert.deepEqual(
      out.headers['set-cookie']?.map((text) => text.split('=')[0]),
      ['__Host-peerpress'],
    )
  })

  test('a token exports views only with that scope, of its sites, and takes no backup', async () => {
    const [site, other] = [await addSite('https://scoped.example'), await addSite('https://beside.example')]
    const pathOf = (of: string) =>
      `/v1/sites/${of}/views.parquet?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z`
    const create = async (...scopes: readonly string[]) => {
      const query =
        'mutation($input: TokenCreateInput!) { tokenCreate(input: $input) { secret token { tokenId } } }'
      const expiresAt = scopes.includes('SEED') ? null : new Date(Date.now() + 3_600_000)
      const input = { name: scopes.join(), siteIds: [site], scopes, expiresAt }
      const { json } = await graph(query, await asOperator(), { input })
      return json.data.tokenCreate as { secret: string; token: { tokenId: string } }
    }
    const statusOf = async (path: string, secret: string, method = 'GET') =>
      (await send(path, { method, headers: { authorization: `Bearer ${secret}` } })).status
    for (const scope of [
      'REPORT_READ',
      'MEASUREMENT_EXPORT',
      'POST_PUBLISH',
      'COMMUNITY_SHARE',
      'COMMUNITY_VOTE',
      'SITE_CONFIGURE',
      'SEED',
    ]) {
      const { secret } = await create(scope)
      const expected = scope === 'MEASUREMENT_EXPORT' ? 200 : 403
      for (const method of ['GET', 'HEAD'])
        assert.equal(await statusOf(pathOf(site), secret, method), expected)
      for (const foreign of [other, 'nosuchsite000000', site.toUpperCase(), `${other}%2f..%2f${site}`])
        assert.equal(await statusOf(pathOf(foreign), secret), 403, `${scope} ${foreign}`)
      for (const method of ['POST', 'HEAD', 'GET'])
        assert.ok(
          [403, 404, 405].includes(await statusOf('/v1/backup', secret, method)),
          `${scope} ${method}`,
        )
      assert.equal(await statusOf('/v1/backup?measurements=0', secret, 'POST'), 403)
    }
    const { secret, token } = await create('MEASUREMENT_EXPORT', 'POST_PUBLISH')
    // A token counts in its header alone: pages and logs have addresses, and browsers send cookies by themselves.
    for (const headers of [
      { authorization: `Basic ${Buffer.from(`:${secret}`).toString('base64')}` },
      { authorization: secret },
      { authorization: `Bearer ${secret}x` },
      { cookie: `__Host-peerpress=${secret}` },
      { cookie: `__Host-peerpress=${secret.slice(3)}` },
    ])
      assert.equal((await send(pathOf(site), { headers })).status, 401, JSON.stringify(headers))
    assert.equal((await send(`${pathOf(site)}&access_token=${secret}&token=${secret}`)).status, 401)
    assert.equal(await statusOf(pathOf(site), secret), 200)
    await graph(
      'mutation($input: TokenRevokeInput!) { tokenRevoke(input: $input) { wasValid } }',
      await asOperator(),
      { input: { tokenId: token.tokenId } },
    )
    assert.equal(await statusOf(pathOf(site), secret), 401)
  })

  test('a rotated operator token ends the former one at once, and its file has the new one', async () => {
    const former = await asOperator()
    const { json } = await graph('mutation { operatorTokenRotate { rotated } }', former)
    assert.equal(json.data.operatorTokenRotate.rotated, true)
    assert.equal((await graph('{ me { name } }', former)).status, 401)
    assert.equal((await graph('{ me { name } }', await asOperator())).status, 200)
    assert.equal((await stat(join(data, 'operator-token'))).mode & 0o777, 0o600)
  })

  describe('connecting a site', () => {
    const verifier = randomBytes(32).toString('base64url')
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    const formOf = (url: string, fields: object = {}) =>
      new URLSearchParams({
        url,
        return: `${url}wp-admin/`,
        state: 'a-random-state',
        challenge,
        consent: 'required',
        ...fields,
      }).toString()
    const approve = (form: string, headers: Readonly<Record<string, string>>) =>
      send('/connect', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: form,
      })
    const redeem = async ({ headers }: Answer) => {
      const code = new URL(headers.location ?? '').searchParams.get('code')
      return post('/v1/connect', { code, verifier })
    }

    test('the page names the account that is signed in, and asks others for credentials', async () => {
      const path = `/connect?${formOf('https://new.example/')}`
      const anybody = await send(path)
      for (const name of ['email', 'password', 'token'])
        assert.match(anybody.text, new RegExp(`name="${name}"`))
      // Without a referrer, browsers would send the form without its origin.
      assert.equal(anybody.headers['referrer-policy'], 'same-origin')
      const cookie = cookieOf(await post('/account/sign-in', { email: 'first@example.org', password }))
      const signedIn = await send(path, { headers: { cookie } })
      assert.match(signedIn.text, /signed in as <strong>First<\/strong>/)
      assert.doesNotMatch(signedIn.text, /name="(?:token|password)"/)
    })

    test('an administrator approves with a session or a password, and the site proves nothing', async () => {
      const credentials = { email: 'first@example.org', password }
      const cookie = cookieOf(await post('/account/sign-in', credentials))
      const bySession = await approve(formOf('https://session.example/'), { cookie, origin: own })
      assert.equal(bySession.status, 303)
      assert.equal((await redeem(bySession)).status, 200)
      const byPassword = await approve(formOf('http://127.0.0.1:9/', { ...credentials, private: 'yes' }), {
        origin: own,
      })
      assert.match(cookieOf(byPassword), /^__Host-peerpress=/)
      assert.equal((await redeem(byPassword)).status, 200)
    })

    test('a session approves only for a page of this server, a password only over a safe connection', async () => {
      const cookie = cookieOf(await post('/account/sign-in', { email: 'first@example.org', password }))
      for (const headers of [
        { cookie },
        { cookie, origin: 'null' },
        { cookie, origin: 'https://evil.example' },
      ]) {
        assert.equal((await approve(formOf('https://csrf.example/'), headers)).status, 403)
      }
      const host = 'reports.example'
      const form = formOf('https://csrf.example/', { email: 'first@example.org', password })
      const plain = await approve(form, { host, origin: `http://${host}` })
      assert.match(plain.text, /plain HTTP/)
    })

    test('the approval of an account needs the answer of the site, and no private address', async () => {
      const site = await addSite('https://members.example')
      const member = { siteId: site, email: 'connects@example.org', role: 'VIEWER' }
      const headers = { cookie: await welcome('memberInvite', member), origin: own }
      const hidden = await approve(formOf('http://127.0.0.1:9/', { private: 'yes' }), headers)
      assert.equal(hidden.status, 403)
      assert.match(hidden.text, /Only an administrator/)
      const registered = await approve(formOf('https://members.example/'), headers)
      assert.equal(registered.status, 403)
      assert.match(registered.text, /Only one of its owners/)
      // No site has this name (RFC 6761), so it lists no challenge.
      const approved = await approve(formOf('https://unproven.invalid/'), headers)
      assert.equal(approved.status, 303)
      const refused = await redeem(approved)
      assert.deepEqual([refused.status, refused.json.code], [403, 'unproven'])
      assert.match(refused.json.detail, /peerpress=challenge/)
    })
  })
})
