import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { day, makeAccount, openTestAccounts, refused, type TestAccounts } from '../accounts.testing.ts'
import { may } from '../principal/may.ts'
import type { Principal } from '../principal/principal.ts'

describe('tokens', { timeout: 300_000 }, () => {
  let opened: TestAccounts
  before(async () => {
    opened = await openTestAccounts()
  })
  after(() => opened.close())

  test('a token permits its scopes in its sites until it expires or is revoked', async () => {
    const [site, other] = [await opened.addSite(), await opened.addSite()]
    const operator: Principal = { kind: 'administrator', account: null }
    const expiresAt = new Date(opened.now() + day)
    const issue = () =>
      opened.tokens.issue({ name: 'ci', sites: [site], scopes: ['post.publish'], expiresAt }, operator)
    const { secret, token } = await issue()
    const principal = await opened.byToken(secret)
    assert.ok(principal.kind === 'token')
    assert.deepEqual(
      (['report.read', 'post.publish', 'site.configure', 'token.manage'] as const).map((action) =>
        may(principal, action, site),
      ),
      [true, true, false, false],
    )
    assert.equal(may(principal, 'report.read', other), false)
    await opened.registry.apiTokens.revoke(token.id, 'operator')
    assert.equal((await opened.byToken(secret)).kind, 'nobody')
    const later = await issue()
    opened.advance(day)
    assert.equal((await opened.byToken(later.secret)).kind, 'nobody')
  })

  test('tokens without an end, without sites or beyond a year are refused; a seed does nothing else', async () => {
    const site = await opened.addSite()
    const operator: Principal = { kind: 'administrator', account: null }
    const expiresAt = new Date(opened.now() + day)
    const good = { name: 'ci', sites: [site], scopes: ['report.read'] as const, expiresAt }
    for (const wrong of [
      { ...good, expiresAt: null },
      { ...good, expiresAt: new Date(opened.now()) },
      { ...good, expiresAt: new Date(opened.now() + 367 * day) },
      { ...good, sites: [] },
      { ...good, name: '' },
      { ...good, scopes: ['seed', 'report.read'] as const },
    ]) {
      await refused('bad-input', opened.tokens.issue(wrong, operator))
    }
    const { secret } = await opened.tokens.issue({ ...good, scopes: ['seed'], expiresAt: null }, operator)
    const seed = await opened.byToken(secret)
    assert.equal(may(seed, 'report.read', site), false)
    const rotated = await opened.tokens.rotateSeeds(site, operator)
    assert.equal((await opened.byToken(secret)).kind, 'nobody')
    assert.equal((await opened.byToken(rotated)).kind, 'token')
  })

  test('the tokens that a member made for a site end when it is no owner any more', async () => {
    const site = await opened.addSite()
    const account = await makeAccount(opened, 'former@example.org', { site, role: 'owner' })
    const principal = await opened.bySession(await opened.sessionOf('former@example.org'))
    const expiresAt = new Date(opened.now() + day)
    const { secret } = await opened.tokens.issue(
      { name: 'ci', sites: [site], scopes: [], expiresAt },
      principal,
    )
    await opened.registry.memberships.setRole({ site, account: account.id }, 'viewer', 'operator')
    const left = await opened.byToken(secret)
    assert.equal(may(left, 'report.read', site), false)
  })
})
