import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  day,
  makeAccount,
  network,
  openTestAccounts,
  operatorToken,
  password,
  refused,
  type TestAccounts,
  unknownClient,
} from './accounts.testing.ts'

describe('accounts', { timeout: 300_000 }, () => {
  let opened: TestAccounts
  before(async () => {
    opened = await openTestAccounts()
  })
  after(() => opened.close())

  test('a closed account has no session, token, role, name and address; the last administrator stays', async () => {
    const { registry, tokens } = opened
    const site = await opened.addSite()
    const email = 'owner@example.org'
    const owner = await makeAccount(opened, email, { site, role: 'owner' })
    const session = await opened.sessionOf(email)
    const expiresAt = new Date(opened.now() + day)
    const input = { name: 'ci', sites: [site], scopes: [], expiresAt }
    const { secret } = await tokens.issue(input, await opened.bySession(session))
    assert.equal(await registry.accounts.close(owner.id, 'operator'), 'closed')
    assert.equal(await registry.accounts.close(owner.id, 'operator'), 'unknown')
    assert.equal((await opened.bySession(session)).kind, 'nobody')
    assert.equal((await opened.byToken(secret)).kind, 'nobody')
    assert.deepEqual(await registry.memberships.of(site), [])
    const closed = await registry.accounts.get(owner.id)
    assert.deepEqual([closed?.email, closed?.name], [null, ''])
    await refused('wrong-credentials', opened.sessionOf(email))

    const administrator = await makeAccount(opened, 'admin@example.org')
    assert.equal(await registry.accounts.close(administrator.id, 'operator'), 'last-administrator')
    await makeAccount(opened, 'second@example.org')
    assert.equal(await registry.accounts.close(administrator.id, 'operator'), 'closed')
  })

  test('the audit log has no password, token or network', async () => {
    const { registry, signIn, tokens, welcoming } = opened
    const email = 'audited@example.org'
    const account = await makeAccount(opened, email)
    const link = await welcoming.issue({ kind: 'password', email }, 'operator')
    await welcoming.accept({ token: link, email, password: 'a new long password' }, unknownClient)
    const client = { network, session: null, browser: null }
    await refused('wrong-credentials', signIn.signIn({ email, password: 'no such password' }, client))
    const change = { current: 'a new long password', next: password }
    await signIn.changePassword(account, change)
    const session = await opened.sessionOf(email)
    const input = { name: 'ci', sites: [await opened.addSite()], scopes: [] }
    const expiresAt = new Date(opened.now() + day)
    const { secret } = await tokens.issue({ ...input, expiresAt }, await opened.bySession(session))
    const entries = await registry.audit.list({ limit: 500 })
    assert.ok(entries.length > 5)
    const text = JSON.stringify(entries)
    const secrets = [password, change.current, 'no such password', operatorToken, network]
    for (const one of [...secrets, link, session, secret]) assert.ok(!text.includes(one))
  })
})
