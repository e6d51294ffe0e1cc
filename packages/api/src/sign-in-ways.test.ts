import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, suite, test } from 'node:test'
import type { Principal } from '@peerpress/accounts'
import { ask, openTestApi, type TestApi } from './api.testing.ts'

suite('a person who signs in by a provider alone', { timeout: 60_000 }, () => {
  const email = 'guest@id.example'
  let opened: TestApi
  let account: string
  let principal: Principal
  before(async () => {
    opened = await openTestApi()
    const { accounts, identities, sessions, welcomes } = opened.registry
    const link = { hash: randomBytes(32), expiresAt: new Date(Date.now() + 60_000), actor: 'operator' }
    await welcomes.add({ kind: 'administrator', email }, link)
    const person = { issuer: 'https://id.example', subject: 'guest', email }
    account = (await welcomes.useAll(email, 'Guest'))?.id ?? assert.fail()
    assert.equal(await identities.link(account, person, null), true)
    assert.equal(await accounts.hasPassword(account), false)
    const hash = randomBytes(32)
    const proof = { way: 'provider', ...person } as const
    await sessions.begin({ hash, account, replaced: null, network: '192.0.2.0/24', proof })
    const session = (await sessions.find(hash)) ?? assert.fail()
    principal = { kind: 'administrator', account: session.account }
  })
  after(() => opened.close())

  test('keeps the link to the provider, which is the last way to sign in', async () => {
    const [identity] = await opened.registry.identities.of(account)
    const unlink = (providerLinkId: string) =>
      ask(
        opened.api,
        'mutation ($input: ProviderUnlinkInput!) { providerUnlink(input: $input) { userErrors { code } } }',
        { viewer: principal, variables: { input: { providerLinkId } } },
      )
    const { data } = await unlink(identity?.id ?? '')
    assert.deepEqual(data.providerUnlink.userErrors, [{ code: 'LAST_WAY' }])
    const unknown = await unlink('x')
    assert.deepEqual(unknown.data.providerUnlink.userErrors, [{ code: 'NOT_FOUND' }])
    assert.equal((await opened.registry.identities.of(account)).length, 1)
  })

  test('gets a password by a link, also after the link to the provider was reset', async () => {
    await opened.registry.accounts.resetSignIn(account, 'operator')
    const reset = `mutation { passwordReset(input: { email: "${email}" }) { link } }`
    const { data, errors } = await ask(opened.api, reset)
    assert.deepEqual(errors, [])
    const [, token] = data.passwordReset.link.split('#')
    const input = { token, email, password: 'correct horse battery' }
    await opened.accounts.welcoming.accept(input, { network: '192.0.2.0/24', browser: null })
    assert.equal(await opened.registry.accounts.hasPassword(account), true)
  })
})
