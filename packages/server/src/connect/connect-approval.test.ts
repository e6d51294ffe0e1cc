import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import {
  type AccountServer,
  type Answer,
  cookieOf,
  password,
  startAccountServer,
} from '../account-server.testing.ts'

describe('connecting a site', { timeout: 300_000 }, () => {
  let accounts: AccountServer
  before(async () => {
    accounts = await startAccountServer()
    const token = accounts.server.firstLink?.split('#')[1]
    await accounts.post('/account/first', { token, email: 'first@example.org', name: 'First', password })
  })
  after(() => accounts.close())

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
    accounts.send('/connect', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: form,
    })
  const redeem = async ({ headers }: Answer) => {
    const code = new URL(headers.location ?? '').searchParams.get('code')
    return accounts.post('/v1/connect', { code, verifier })
  }

  test('the page names the account that is signed in, and asks others for credentials', async () => {
    const path = `/connect?${formOf('https://new.example/')}`
    const anybody = await accounts.send(path)
    for (const name of ['email', 'password', 'token'])
      assert.match(anybody.text, new RegExp(`name="${name}"`))
    // Without a referrer, browsers would send the form without its origin.
    assert.equal(anybody.headers['referrer-policy'], 'same-origin')
    const cookie = cookieOf(await accounts.post('/account/sign-in', { email: 'first@example.org', password }))
    const signedIn = await accounts.send(path, { headers: { cookie } })
    assert.match(signedIn.text, /signed in as <strong>First<\/strong>/)
    assert.doesNotMatch(signedIn.text, /name="(?:token|password)"/)
  })

  test('an administrator approves with a session or a password, and the site proves nothing', async () => {
    const credentials = { email: 'first@example.org', password }
    const cookie = cookieOf(await accounts.post('/account/sign-in', credentials))
    const bySession = await approve(formOf('https://session.example/'), { cookie, origin: accounts.own })
    assert.equal(bySession.status, 303)
    assert.equal((await redeem(bySession)).status, 200)
    const byPassword = await approve(formOf('http://127.0.0.1:9/', { ...credentials, private: 'yes' }), {
      origin: accounts.own,
    })
    assert.match(cookieOf(byPassword), /^__Host-peerpress=/)
    assert.equal((await redeem(byPassword)).status, 200)
  })

  test('a session approves only for a page of this server, a password only over a safe connection', async () => {
    const cookie = cookieOf(await accounts.post('/account/sign-in', { email: 'first@example.org', password }))
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
    const site = await accounts.addSite('https://members.example')
    const member = { siteId: site, email: 'connects@example.org', role: 'VIEWER' }
    const headers = { cookie: await accounts.welcome('memberInvite', member), origin: accounts.own }
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
