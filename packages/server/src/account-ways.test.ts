import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type SmtpReceiver, startSmtpReceiver } from '@peerpress/watch/smtp-receiver'
import { type AccountServer, cookieOf, password, startAccountServer } from './account-server.testing.ts'

describe('invitations, sessions and public reports of a server', { timeout: 300_000 }, () => {
  let mail: SmtpReceiver
  let accounts: AccountServer
  let site: string
  let other: string
  let owner: string
  before(async () => {
    mail = await startSmtpReceiver()
    accounts = await startAccountServer({
      PEERPRESS_ROLES: 'publisher,tracker,api',
      PEERPRESS_SMTP_URL: mail.url,
      PEERPRESS_MAIL_FROM: 'peerpress@example.org',
    })
    site = await accounts.addSite('https://garden.example/')
    other = await accounts.addSite('https://other.example/')
    owner = await enrol(site, 'owner@example.org', 'OWNER')
  })
  after(async () => {
    await accounts.close()
    await mail.close()
  })

  /** Sends a query as a page of this server does. */
  const graph = (query: string, headers: Readonly<Record<string, string>>) =>
    accounts.post('/graphql', { query }, headers)
  const invite = (of: string, email: string, role: string) =>
    `mutation { memberInvite(input: { siteId: "${of}", email: "${email}", role: ${role} }) { link isMailed } }`
  const enrol = (of: string, email: string, role: string) =>
    accounts.welcome('memberInvite', { siteId: of, email, role })

  test('an invitation by e-mail has the link in the mail alone, and it works once', async () => {
    const cookie = { cookie: owner }
    const query = `mutation { memberInvite(input: { siteId: "${site}", email: "mailed@example.org", role: VIEWER, sendsMail: true }) { link isMailed } }`
    const { json } = await graph(query, cookie)
    assert.deepEqual(json.data.memberInvite, { link: null, isMailed: true })
    await mail.until(1)
    const [message] = mail.received
    assert.equal(message?.to, 'mailed@example.org')
    const token = /welcome#([\w-]{43})/.exec(message?.raw.replaceAll('=\r\n', '') ?? '')?.[1]
    const input = { token, email: 'mailed@example.org', name: 'M', password }
    assert.equal(
      (await accounts.post('/account/first', { ...input, email: 'thief@example.org' })).json.code,
      'bad-link',
    )
    assert.equal((await accounts.post('/account/first', input)).status, 200)
    assert.equal((await accounts.post('/account/first', input)).json.code, 'bad-link')
  })

  test('a revoked invitation lets nobody in, and only owners of its site see or revoke it', async () => {
    const { json: invited } = await graph(invite(site, 'late@example.org', 'EDITOR'), { cookie: owner })
    const [, token] = invited.data.memberInvite.link.split('#')
    const list = `{ site(siteId: "${site}") { invitations { invitationId email role } } }`
    const { json } = await graph(list, { cookie: owner })
    const [{ invitationId, ...rest }] = json.data.site.invitations
    assert.deepEqual(rest, { email: 'late@example.org', role: 'EDITOR' })
    const revoke = (of: string) =>
      `mutation { invitationRevoke(input: { siteId: "${of}", invitationId: "${invitationId}" }) { userErrors { field code } } }`
    const foreign = await enrol(other, 'foreign@example.org', 'OWNER')
    const unseen = await graph(revoke(site), { cookie: foreign })
    assert.deepEqual(unseen.json.data.invitationRevoke.userErrors, [{ field: 'siteId', code: 'NOT_FOUND' }])
    const wrong = await graph(revoke(other), { cookie: foreign })
    assert.deepEqual(wrong.json.data.invitationRevoke.userErrors, [
      { field: 'invitationId', code: 'NOT_FOUND' },
    ])
    assert.deepEqual((await graph(revoke(site), { cookie: owner })).json.data.invitationRevoke.userErrors, [])
    const used = { token, email: 'late@example.org', name: 'L', password }
    assert.equal((await accounts.post('/account/first', used)).json.code, 'bad-link')
  })

  test('a signed-in person accepts an invitation of the own address without the password, and no other', async () => {
    const { json } = await graph(invite(other, 'owner@example.org', 'VIEWER'), await accounts.asOperator())
    const [, token] = json.data.memberInvite.link.split('#')
    const stranger = await accounts.post('/account/first', { token, email: 'owner@example.org' })
    assert.equal(stranger.json.code, 'wrong-credentials')
    const answer = await accounts.post(
      '/account/first',
      { token, email: 'owner@example.org' },
      { cookie: owner },
    )
    assert.equal(answer.status, 200)
    owner = cookieOf(answer)
    assert.deepEqual(
      answer.json.principal.sites.map(({ id }: { id: string }) => id).toSorted(),
      [site, other].toSorted(),
    )
  })

  test('sessions are listed with network and way, end one by one, and all at once', async () => {
    const signIn = async () =>
      cookieOf(await accounts.post('/account/sign-in', { email: 'owner@example.org', password }))
    const second = await signIn()
    const query = '{ ownSignIn { sessions { sessionId isCurrent network way } } }'
    const { json } = await graph(query, { cookie: owner })
    const { sessions } = json.data.ownSignIn
    const current = sessions.find(({ isCurrent }: { isCurrent: boolean }) => isCurrent)
    const another = sessions.find(({ way }: { way: string }) => way === 'PASSWORD')
    assert.deepEqual([current.way, current.network], ['LINK', '127.0.0.0/24'])
    const end = (id: string) =>
      `mutation { sessionEnd(input: { sessionId: "${id}" }) { userErrors { code } } }`
    const foreign = await enrol(site, 'colleague@example.org', 'VIEWER')
    const refused = await graph(end(current.sessionId), { cookie: foreign })
    assert.deepEqual(refused.json.data.sessionEnd.userErrors, [{ code: 'NOT_FOUND' }])
    await graph(end(another.sessionId), { cookie: owner })
    const kindOf = async (cookie: string) =>
      (await accounts.send('/account', { headers: { cookie } })).json.principal
    assert.equal(await kindOf(second), null)
    const third = await signIn()
    const all = 'mutation { sessionsEnd { ended } }'
    const evil = await graph(all, { cookie: third, origin: 'https://evil.example' })
    assert.equal(evil.status, 403)
    const ended = (await graph(all, { cookie: third })).json.data.sessionsEnd.ended
    assert.ok(ended >= 2)
    assert.deepEqual([await kindOf(third), await kindOf(owner)], [null, null])
    owner = await signIn()
  })

  test('a public report shows figures of the site alone, is no secret of a search engine, and ends', async () => {
    const publish = `mutation { publicReportPublish(input: { siteId: "${site}" }) { publicReport { path } } }`
    const viewer = await enrol(site, 'viewer@example.org', 'VIEWER')
    assert.equal((await graph(publish, { cookie: viewer })).status, 403)
    const hostile = `mutation { siteConfigure(input: { siteId: "${site}", name: "<script>alert(1)</script> & Co" }) { site { siteId } } }`
    await graph(hostile, { cookie: owner })
    const publishing = await graph(publish, { cookie: owner })
    const { path } = publishing.json.data.publicReportPublish.publicReport
    assert.match(path, /^\/public\/[\w-]{43}$/)
    const page = await accounts.send(`${path}?days=7`)
    assert.equal(page.status, 200, page.text)
    assert.match(page.text, /&lt;script&gt;alert\(1\)&lt;\/script&gt; &amp; Co/)
    assert.doesNotMatch(page.text, /<script|owner@example|Person/)
    assert.match(String(page.headers['x-robots-tag']), /noindex/)
    assert.match(String(page.headers['content-security-policy']), /^default-src 'none'; style-src 'sha256-/)
    for (const query of ['?days=99999', '?days=7&days=28', '?days=%00']) {
      assert.equal((await accounts.send(path + query)).status, 200, query)
    }
    const again = await graph(publish, { cookie: owner })
    assert.equal((await accounts.send(path)).status, 404)
    const next = again.json.data.publicReportPublish.publicReport.path
    assert.equal((await accounts.send(next)).status, 200)
    const revoke = `mutation { publicReportRevoke(input: { siteId: "${site}" }) { wasPublic } }`
    assert.equal((await graph(revoke, { cookie: owner })).json.data.publicReportRevoke.wasPublic, true)
    assert.equal((await accounts.send(next)).status, 404)
    assert.equal((await accounts.send('/public/..%2f..%2fx')).status, 404)
    const floods = await Promise.all(Array.from({ length: 40 }, () => accounts.send(next)))
    assert.ok(floods.some(({ status, json }) => status === 429 && json.code === 'throttled'))
  })

  test('saved views belong to one account, and lead to pages of the site alone', async () => {
    const save = (path: string, name = 'Weekly') =>
      `mutation { viewSave(input: { siteId: "${site}", name: ${JSON.stringify(name)}, path: ${JSON.stringify(path)} }) { savedView { savedViewId path } userErrors { field code } } }`
    const saved = await graph(save('regions?range=week'), { cookie: owner })
    assert.deepEqual(saved.json.data.viewSave.userErrors, [])
    for (const path of [
      '//evil.example',
      '../../you',
      'javascript:alert(1)',
      'https://evil.example',
      '\\\\x',
    ]) {
      const { json } = await graph(save(path), { cookie: owner })
      assert.deepEqual(json.data.viewSave.userErrors, [{ field: 'path', code: 'INVALID' }], path)
    }
    const { json: unnamed } = await graph(save('', '\u202Eevil'), { cookie: owner })
    assert.deepEqual(unnamed.data.viewSave.userErrors, [{ field: 'name', code: 'INVALID' }])
    const list = `{ site(siteId: "${site}") { savedViews { name path } } }`
    const own = await graph(list, { cookie: owner })
    assert.deepEqual(own.json.data.site.savedViews, [{ name: 'Weekly', path: 'regions?range=week' }])
    const viewer = cookieOf(
      await accounts.post('/account/sign-in', { email: 'viewer@example.org', password }),
    )
    assert.deepEqual((await graph(list, { cookie: viewer })).json.data.site.savedViews, [])
    const { savedViewId } = saved.json.data.viewSave.savedView
    const remove = `mutation { viewRemove(input: { siteId: "${site}", savedViewId: "${savedViewId}" }) { userErrors { code } } }`
    const refused = await graph(remove, { cookie: viewer })
    assert.deepEqual(refused.json.data.viewRemove.userErrors, [{ code: 'NOT_FOUND' }])
    assert.deepEqual((await graph(remove, { cookie: owner })).json.data.viewRemove.userErrors, [])
  })

  test('the log names who did it, for owners and administrators', async () => {
    const query = `{ site(siteId: "${site}") { auditEventsConnection(first: 50) { edges { node { action actorName } } } } }`
    const { json } = await graph(query, { cookie: owner })
    const events = json.data.site.auditEventsConnection.edges.map(({ node }: { node: object }) => node)
    assert.deepEqual(
      events.find(({ action }: { action: string }) => action === 'public-report.revoked'),
      { action: 'public-report.revoked', actorName: 'Person' },
    )
    const viewer = cookieOf(
      await accounts.post('/account/sign-in', { email: 'viewer@example.org', password }),
    )
    assert.equal((await graph(query, { cookie: viewer })).status, 403)
    const all = '{ auditEventsConnection(first: 5) { edges { node { action } } } }'
    assert.equal((await graph(all, { cookie: owner })).status, 403)
    assert.equal((await graph(all, await accounts.asOperator())).status, 200)
  })

  test('the editor of queries is for people who are signed in, and loads no script of others', async () => {
    const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    const stranger = await accounts.send('/graphql', { headers: html })
    assert.deepEqual([stranger.status, stranger.headers.location], [303, 'sign-in?to=%2Fgraphql'])
    const page = await accounts.send('/graphql', { headers: { ...html, cookie: owner } })
    assert.equal(page.status, 200)
    const policy = String(page.headers['content-security-policy'])
    assert.match(policy, /^default-src 'self'; style-src 'self' 'nonce-[\w+/=]{24}'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.doesNotMatch(page.text, /https?:\/\//)
    const program = await accounts.send('/graphql?query={__typename}', {
      headers: { ...html, cookie: owner },
    })
    assert.deepEqual(program.json.data, { __typename: 'Query' })
  })

  test('a document is named by its id, and unknown ids are refused', async () => {
    const documents = JSON.parse(
      (await accounts.send('/documents.json', { headers: { cookie: owner } })).text,
    ) as Record<string, string>
    const [documentId] =
      Object.entries(documents).find(([, text]) => text.includes('query YourAccount ')) ?? []
    const own = await accounts.post('/graphql', { documentId }, { cookie: owner })
    assert.equal(own.json.data.me.email, 'owner@example.org')
    for (const wrong of ['sha256:0', 7, {}, '__proto__']) {
      const { status, json } = await accounts.post('/graphql', { documentId: wrong }, { cookie: owner })
      assert.deepEqual([status, json.errors[0].extensions.code], [404, 'PERSISTED_DOCUMENT_NOT_FOUND'])
    }
    assert.equal((await accounts.post('/graphql', { documentId })).status, 401)
  })

  test('new routes refuse pages of other origins, plain HTTP and other types', async () => {
    const paths = [
      '/account/passkey/begin',
      '/account/passkey/sign-in',
      '/account/passkey/add-begin',
      '/account/passkey/add',
      '/account/provider/begin',
    ]
    for (const path of paths) {
      const evil = await accounts.post(path, {}, { cookie: owner, origin: 'https://evil.example' })
      assert.deepEqual([evil.status, evil.json.code], [403, 'foreign-origin'], path)
      const plain = { cookie: owner, host: 'reports.example', origin: 'http://reports.example' }
      assert.equal((await accounts.post(path, {}, plain)).json.code, 'insecure', path)
      const form = await accounts.post(path, {}, { cookie: owner, 'content-type': 'text/plain' })
      assert.equal(form.status, 415, path)
    }
    for (const path of ['/account/passkey/add-begin', '/account/passkey/add']) {
      assert.equal((await accounts.post(path, {})).json.code, 'not-signed-in')
    }
    assert.equal((await accounts.post('/account/provider/begin', {})).json.code, 'no-provider')
  })

  test('an administrator removes the passkeys of a person who lost a device, and ends the sessions', async () => {
    const { json } = await graph('{ accounts { accountId email } }', await accounts.asOperator())
    const { accountId } = json.data.accounts.find(
      ({ email }: { email: string }) => email === 'owner@example.org',
    )
    const reset = `mutation { accountSignInReset(input: { accountId: "${accountId}" }) { userErrors { code } } }`
    assert.equal((await graph(reset, { cookie: owner })).status, 403)
    const done = await graph(reset, await accounts.asOperator())
    assert.deepEqual(done.json.data.accountSignInReset.userErrors, [])
    assert.equal((await accounts.send('/account', { headers: { cookie: owner } })).json.principal, null)
  })
})
