import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type AccountServer, cookieOf, password, startAccountServer } from './account-server.testing.ts'

describe('accounts of a server', { timeout: 300_000 }, () => {
  let accounts: AccountServer
  before(async () => {
    accounts = await startAccountServer()
  })
  after(() => accounts.close())

  test('the first start makes a link that creates the first administrator and signs in', async () => {
    assert.match(
      accounts.server.firstLink ?? '',
      new RegExp(`^http://localhost:${accounts.port}/welcome#[\\w-]{43}$`),
    )
    assert.deepEqual((await accounts.send('/account')).json, {
      principal: null,
      firstStart: true,
      provider: null,
    })
    const token = accounts.server.firstLink?.split('#')[1]
    const input = { token, email: 'First@Example.org', name: 'First', password }
    const answer = await accounts.post('/account/first', input)
    assert.equal(answer.status, 200)
    assert.match(
      answer.headers['set-cookie']?.[0] ?? '',
      /^__Host-peerpress=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=2592000$/,
    )
    assert.equal(answer.headers['cache-control'], 'no-store')
    const { json } = await accounts.send('/account', { headers: { cookie: `a=b; ${cookieOf(answer)}; c` } })
    assert.deepEqual(
      { ...json.principal, id: '' },
      { kind: 'administrator', id: '', name: 'First', email: 'first@example.org', sites: [] },
    )
    assert.equal(json.firstStart, false)
    assert.equal((await accounts.post('/account/first', input)).json.code, 'bad-link')
  })

  test('the operator token creates an administrator, too, and is readable by its owner alone', async () => {
    const token = ` ${await accounts.operatorToken()}\n`
    const input = { token, email: 'byoperator@example.org', name: 'By operator', password }
    const { status, json } = await accounts.post('/account/first', input)
    assert.deepEqual([status, json.principal.kind], [200, 'administrator'])
    assert.equal((await stat(join(accounts.data, 'operator-token'))).mode & 0o777, 0o600)
  })

  test('signing in replaces the session that the browser had, and signing out ends it', async () => {
    const credentials = { email: 'first@example.org', password }
    const planted = `__Host-peerpress=${'A'.repeat(43)}`
    const first = cookieOf(await accounts.post('/account/sign-in', credentials, { cookie: planted }))
    assert.notEqual(first, planted)
    const second = cookieOf(await accounts.post('/account/sign-in', credentials, { cookie: first }))
    const kindOf = async (cookie: string) =>
      (await accounts.send('/account', { headers: { cookie } })).json.principal?.kind ?? null
    assert.deepEqual(await Promise.all([planted, first, second].map(kindOf)), [null, null, 'administrator'])
    const out = await accounts.post('/account/sign-out', '', { cookie: second })
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
      const answer = await accounts.post('/account/sign-in', body, headers)
      assert.deepEqual([answer.status, answer.json.code], [status, code], JSON.stringify(body).slice(0, 60))
      assert.equal(answer.headers['set-cookie'], undefined)
    }
  })

  test('a page of another origin neither signs in nor out', async () => {
    const right = { email: 'first@example.org', password }
    for (const path of ['/account/sign-in', '/account/sign-out', '/account/first']) {
      for (const origin of [
        'https://evil.example',
        `http://localhost:${accounts.port + 1}`,
        'null',
        `${accounts.own}.evil.example`,
      ]) {
        const answer = await accounts.post(path, right, { origin })
        assert.deepEqual([answer.status, answer.json.code], [403, 'foreign-origin'], `${path} ${origin}`)
      }
      const { host: _, ...none } = { host: '', 'content-type': 'application/json' }
      const answer = await accounts.send(path, { method: 'POST', headers: none, body: right })
      assert.deepEqual([answer.status, answer.json.code], [403, 'foreign-origin'])
    }
  })

  test('over plain HTTP signing in is refused with the reason, except on this machine', async () => {
    const right = { email: 'first@example.org', password }
    const from = (host: string, scheme: string) =>
      accounts.post('/account/sign-in', right, { host, origin: `${scheme}://${host}` })
    for (const host of ['reports.example', '192.0.2.1:4600', 'localhost.evil.example']) {
      const { status, json } = await from(host, 'http')
      assert.deepEqual([status, json.code], [403, 'insecure'], host)
      assert.match(json.detail, /plain HTTP .* https address/)
    }
    for (const [host, scheme] of [
      ['reports.example', 'https'],
      [`127.0.0.1:${accounts.port}`, 'http'],
      [`[::1]:${accounts.port}`, 'http'],
      [`reports.localhost:${accounts.port}`, 'http'],
    ] as const) {
      assert.equal((await from(host, scheme)).status, 200, host)
    }
  })

  test('a session changes something only for a page of this server', async () => {
    const cookie = cookieOf(await accounts.post('/account/sign-in', { email: 'first@example.org', password }))
    const mutation = 'mutation { administratorInvite(input: { email: "new@example.org" }) { link } }'
    for (const headers of [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${accounts.port}` },
    ]) {
      const { status, json } = await accounts.graph(mutation, { cookie, ...headers })
      assert.deepEqual([status, json.errors[0].extensions.code], [403, 'FORBIDDEN'], JSON.stringify(headers))
    }
    assert.equal((await accounts.graph(mutation, { cookie, origin: accounts.own })).status, 200)
    assert.equal((await accounts.graph('{ me { name } }', { cookie })).json.data.me.name, 'First')
    // A program is no browser: nothing adds its token to requests of other pages.
    assert.equal((await accounts.graph(mutation, await accounts.asOperator())).status, 200)
    const evil = { ...(await accounts.asOperator()), origin: 'https://evil.example' }
    assert.equal((await accounts.graph(mutation, evil)).status, 403)
  })

  test('routes of files are for those who may read them', async () => {
    const site = await accounts.addSite('https://exported.example')
    const path = `/v1/sites/${site}/views.parquet?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z`
    const other = await accounts.addSite('https://other.example')
    const invite = { siteId: other, email: 'stranger@example.org', role: 'OWNER' }
    const stranger = await accounts.welcome('memberInvite', invite)
    const viewer = await accounts.welcome('memberInvite', {
      siteId: site,
      email: 'viewer@example.org',
      role: 'VIEWER',
    })
    for (const cookie of [stranger, viewer]) {
      assert.equal((await accounts.send(path, { headers: { cookie } })).status, 403)
      const backup = await accounts.send('/v1/backup', {
        method: 'POST',
        headers: { cookie, origin: accounts.own },
      })
      assert.equal(backup.status, 403)
    }
    assert.equal((await accounts.send(path)).status, 401)
    assert.equal((await accounts.send(path, { headers: await accounts.asOperator() })).status, 200)
  })

  test('wrong passwords from the same network do not lock out a browser that signed in before', async () => {
    const email = 'besieged@example.org'
    await accounts.welcome('administratorInvite', { email })
    const signIn = (text: string, headers = {}) =>
      accounts.post('/account/sign-in', { email, password: text }, headers)
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
    assert.equal((await accounts.send('/account', { headers: { cookie } })).json.principal, null)
    const out = await accounts.post('/account/sign-out', '', { cookie: `${cookie}; ${cookieOf(again)}` })
    assert.deepEqual(
      out.headers['set-cookie']?.map((text) => text.split('=')[0]),
      ['__Host-peerpress'],
    )
  })

  test('a token exports views only with that scope, of its sites, and takes no backup', async () => {
    const [site, other] = [
      await accounts.addSite('https://scoped.example'),
      await accounts.addSite('https://beside.example'),
    ]
    const pathOf = (of: string) =>
      `/v1/sites/${of}/views.parquet?from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z`
    const create = async (...scopes: readonly string[]) => {
      const query =
        'mutation($input: TokenCreateInput!) { tokenCreate(input: $input) { secret token { tokenId } } }'
      const expiresAt = scopes.includes('SEED') ? null : new Date(Date.now() + 3_600_000)
      const input = { name: scopes.join(), siteIds: [site], scopes, expiresAt }
      const { json } = await accounts.graph(query, await accounts.asOperator(), { input })
      return json.data.tokenCreate as { secret: string; token: { tokenId: string } }
    }
    const statusOf = async (path: string, secret: string, method = 'GET') =>
      (await accounts.send(path, { method, headers: { authorization: `Bearer ${secret}` } })).status
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
      assert.equal((await accounts.send(pathOf(site), { headers })).status, 401, JSON.stringify(headers))
    assert.equal((await accounts.send(`${pathOf(site)}&access_token=${secret}&token=${secret}`)).status, 401)
    assert.equal(await statusOf(pathOf(site), secret), 200)
    await accounts.graph(
      'mutation($input: TokenRevokeInput!) { tokenRevoke(input: $input) { wasValid } }',
      await accounts.asOperator(),
      { input: { tokenId: token.tokenId } },
    )
    assert.equal(await statusOf(pathOf(site), secret), 401)
  })

  test('a rotated operator token ends the former one at once, and its file has the new one', async () => {
    const former = await accounts.asOperator()
    const { json } = await accounts.graph('mutation { operatorTokenRotate { rotated } }', former)
    assert.equal(json.data.operatorTokenRotate.rotated, true)
    assert.equal((await accounts.graph('{ me { name } }', former)).status, 401)
    assert.equal((await accounts.graph('{ me { name } }', await accounts.asOperator())).status, 200)
    assert.equal((await stat(join(accounts.data, 'operator-token'))).mode & 0o777, 0o600)
  })
})
