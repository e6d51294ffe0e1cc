import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  makeAccount,
  openTestAccounts,
  operatorToken,
  password,
  type TestAccounts,
} from './accounts.testing.ts'
import type { AccountErrorCode } from './account-error.ts'
import { may } from './principal/may.ts'
import { ownerOf, type Principal } from './principal/principal.ts'

const network = '192.0.2.0/24'
/** A client that never signed in. */
const unknown = { network, browser: null }
const minute = 60_000
const day = 86_400_000

async function refused(code: AccountErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, { name: 'AccountError', code })
}

describe('accounts', { timeout: 300_000 }, () => {
  let opened: TestAccounts
  before(async () => {
    opened = await openTestAccounts()
  })
  after(() => opened.close())

  let sites = 0
  const addSite = async () =>
    (
      await opened.registry.sites.add({
        url: `https://site${++sites}.example`,
        consent: 'assumed',
        allowPrivateAddresses: false,
      })
    ).site.id
  const sessionOf = async (email: string) =>
    (await opened.signIn.signIn({ email, password }, { network, session: null, browser: null })).token
  const bySession = (session: string | null) =>
    opened.credentials.principalOf({ authorization: undefined, session })
  const byToken = (token: string) =>
    opened.credentials.principalOf({ authorization: `Bearer ${token}`, session: null })

  test('the first link creates the first administrator once, and no second one', async () => {
    const { welcoming, registry } = opened
    const [first, second] = [
      await welcoming.issue({ kind: 'first' }, 'operator'),
      await welcoming.issue({ kind: 'first' }, 'operator'),
    ]
    assert.equal(await registry.accounts.hasAdministrator(), false)
    const input = { token: first, email: 'First@Example.org', name: 'First', password }
    const account = await welcoming.accept(input, unknown)
    assert.deepEqual([account.email, account.isAdministrator], ['first@example.org', true])
    await refused('bad-link', welcoming.accept({ ...input, email: 'again@example.org' }, unknown))
    await refused('bad-link', welcoming.accept({ ...input, email: 'b@example.org', token: second }, unknown))
    assert.equal((await registry.accounts.list()).length, 1)
  })

  test('two uses of the first link at the same time create one administrator', async () => {
    const own = await openTestAccounts()
    try {
      const token = await own.welcoming.issue({ kind: 'first' }, 'operator')
      const uses = ['a@example.org', 'b@example.org'].map((email) =>
        own.welcoming.accept({ token, email, name: 'A', password }, unknown),
      )
      const outcomes = await Promise.allSettled(uses)
      assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
      assert.equal((await own.registry.accounts.list()).length, 1)
    } finally {
      await own.close()
    }
  })

  test('a link for a member creates the account with the role, and nothing else', async () => {
    const site = await addSite()
    const account = await makeAccount(opened, 'editor@example.org', { site, role: 'editor' })
    assert.equal(account.isAdministrator, false)
    const principal = await bySession(await sessionOf('editor@example.org'))
    assert.ok(principal.kind === 'account')
    assert.deepEqual([...principal.roles], [[site, 'editor']])
  })

  test('a link gives an existing account a further role only with its password', async () => {
    const [one, two] = [await addSite(), await addSite()]
    await makeAccount(opened, 'both@example.org', { site: one, role: 'owner' })
    const email = 'both@example.org'
    const token = await opened.welcoming.issue(
      { kind: 'member', email, site: two, role: 'viewer' },
      'operator',
    )
    const wrong = { token, email, password: 'another long password' }
    await refused('wrong-credentials', opened.welcoming.accept(wrong, unknown))
    await opened.welcoming.accept({ token, email, password }, unknown)
    const principal = await bySession(await sessionOf(email))
    assert.ok(principal.kind === 'account')
    assert.deepEqual(
      new Map(principal.roles),
      new Map([
        [one, 'owner'],
        [two, 'viewer'],
      ]),
    )
  })

  test('a link is for its address alone, and ends after a week', async () => {
    const issue = () =>
      opened.welcoming.issue({ kind: 'administrator', email: 'late@example.org' }, 'operator')
    const token = await issue()
    const other = { token, email: 'thief@example.org', name: 'T', password }
    await refused('bad-link', opened.welcoming.accept(other, unknown))
    opened.advance(7 * day)
    await refused('bad-link', opened.welcoming.accept({ ...other, email: 'late@example.org' }, unknown))
  })

  test('a password link sets a new password and ends the sessions', async () => {
    const email = 'forgetful@example.org'
    await makeAccount(opened, email)
    const session = await sessionOf(email)
    const token = await opened.welcoming.issue({ kind: 'password', email }, 'operator')
    await opened.welcoming.accept({ token, email, password: 'a new long password' }, unknown)
    assert.equal((await bySession(session)).kind, 'nobody')
    await refused(
      'wrong-credentials',
      opened.signIn.signIn({ email, password }, { network, session: null, browser: null }),
    )
  })

  test('names, addresses and passwords that cannot be are refused with the field', async () => {
    const token = await opened.welcoming.issue({ kind: 'administrator', email: 'in@example.org' }, 'operator')
    const good = { token, email: 'in@example.org', name: 'In', password }
    for (const [field, value] of [
      ['email', 'no address'],
      ['email', `${'a'.repeat(250)}@example.org`],
      ['email', 'a\0@example.org'],
      ['email', null],
      ['name', ''],
      ['name', 'x'.repeat(101)],
      ['name', 'a\nb'],
      ['name', '\ud800'],
      ['name', 'Ada\u202Emoc.live'],
      ['password', 'short'],
      ['password', 'aaaaaaaaaaaaaaaa'],
      ['password', 'x'.repeat(257)],
      ['token', {}],
    ] as const) {
      await assert.rejects(
        opened.welcoming.accept({ ...good, [field]: value }, unknown),
        { code: 'bad-input', message: new RegExp(`^${field}`) },
        `${field} ${JSON.stringify(value)}`,
      )
    }
    for (const input of [null, 3, [], {}]) await refused('bad-input', opened.welcoming.accept(input, unknown))
  })

  test('the session of before ends with a sign-in, so that nobody can plant one', async () => {
    const email = 'rotated@example.org'
    await makeAccount(opened, email)
    const planted = await sessionOf(email)
    const { token } = await opened.signIn.signIn(
      { email, password },
      { network, session: planted, browser: null },
    )
    assert.notEqual(token, planted)
    assert.equal((await bySession(planted)).kind, 'nobody')
    assert.equal((await bySession(token)).kind, 'administrator')
    // A text that no server drew begins no session.
    const chosen = 'A'.repeat(43)
    await opened.signIn.signIn({ email, password }, { network, session: chosen, browser: null })
    assert.equal((await bySession(chosen)).kind, 'nobody')
  })

  test('a session ends with a sign-out, after a week without requests, and after 30 days', async () => {
    const email = 'sessions@example.org'
    await makeAccount(opened, email)
    const [out, idle, old] = [await sessionOf(email), await sessionOf(email), await sessionOf(email)]
    await opened.signIn.signOut(out)
    assert.equal((await bySession(out)).kind, 'nobody')
    for (let days = 0; days < 29; days++) {
      opened.advance(day)
      assert.equal((await bySession(old)).kind, 'administrator', `${days}`)
    }
    assert.equal((await bySession(idle)).kind, 'nobody')
    opened.advance(day)
    assert.equal((await bySession(old)).kind, 'nobody')
  })

  describe('wrong passwords for one account', () => {
    const email = 'guessed@example.org'
    const wrong = 'wrong password here'
    let own: TestAccounts
    let known: string
    before(async () => {
      own = await openTestAccounts()
      await makeAccount(own, email)
      known = (await attempt('192.0.2.0/24', password)).browser
    })
    after(() => own.close())
    const attempt = (from: string, text = wrong, browser: string | null = null) =>
      own.signIn.signIn({ email, password: text }, { network: from, session: null, browser })

    test('lock it for the network that sent them, and for no other one', async () => {
      for (let i = 0; i < 10; i++) await refused('wrong-credentials', attempt('198.51.100.0/24'))
      // Right or wrong makes no difference: nobody learns that a guess was right.
      await refused('throttled', attempt('198.51.100.0/24'))
      await assert.rejects(attempt('198.51.100.0/24', password), { code: 'throttled', retryAfter: 60 })
      assert.equal((await attempt('192.0.2.0/24', password)).account.email, email)
    })

    test('from many networks lock it for all unknown browsers, across a restart', async () => {
      for (let i = 0; i < 90; i++) await refused('wrong-credentials', attempt(`10.0.${i}.0/24`))
      await refused('throttled', attempt('10.0.100.0/24', password))
      own = await own.restart()
      await refused('throttled', attempt('192.0.2.0/24', password))
    })

    test('do not lock out a browser in which the account signed in before, from whatever network', async () => {
      for (const from of ['192.0.2.0/24', '198.51.100.0/24', '10.0.101.0/24']) {
        const { account, browser } = await attempt(from, password, known)
        assert.deepEqual([account.email, browser], [email, known])
      }
    })

    test('lock out the browser that sent them alone', async () => {
      for (let i = 0; i < 10; i++) await refused('wrong-credentials', attempt(`10.1.${i}.0/24`, wrong, known))
      await refused('throttled', attempt('10.1.10.0/24', password, known))
    })

    test('do not hinder a link to a new password, nor a change by the account that is signed in', async () => {
      const next = 'the next long password'
      const token = await own.welcoming.issue({ kind: 'password', email }, 'operator')
      const account = await own.welcoming.accept({ token, email, password: next }, unknown)
      for (let i = 0; i < 10; i++)
        await refused('wrong-credentials', own.signIn.changePassword(account, { current: wrong, next }))
      await refused('throttled', own.signIn.changePassword(account, { current: next, next: password }))
      own.advance(minute)
      await own.signIn.changePassword(account, { current: next, next: password })
    })

    test('are possible again after a minute, one at a time', async () => {
      assert.equal((await attempt('10.2.0.0/24', password)).account.email, email)
      await refused('wrong-credentials', attempt('10.2.0.0/24'))
      await refused('throttled', attempt('10.2.0.0/24'))
    })

    test('of a browser that only claims to be known count as those of an unknown one', async () => {
      own.advance(day)
      const other = 'other@example.org'
      await makeAccount(own, other)
      const { browser: ofOther } = await own.signIn.signIn(
        { email: other, password },
        { network, session: null, browser: null },
      )
      const [name] = known.split('.')
      const forged = [ofOther, `${name}.${'A'.repeat(43)}`, `${name}.`, known.slice(1), 'x'.repeat(5_000), '']
      for (let i = 0; i < 10; i++)
        await refused('wrong-credentials', attempt('10.3.0.0/24', wrong, forged[i % forged.length] ?? null))
      for (const text of forged) await refused('throttled', attempt('10.3.0.0/24', password, text))
    })
  })

  test('one password tried on many accounts is throttled by network, known addresses or not', async () => {
    const spray = (i: number, from: string) =>
      opened.signIn.signIn(
        { email: `nobody${i}@example.org`, password: 'Winter2026! winter' },
        { network: from, session: null, browser: null },
      )
    for (let i = 0; i < 30; i++) await refused('wrong-credentials', spray(i, '203.0.113.0/24'))
    await refused('throttled', spray(31, '203.0.113.0/24'))
    await refused('wrong-credentials', spray(32, '203.0.114.0/24'))
  })

  test('right passwords are not throttled', async () => {
    await makeAccount(opened, 'often@example.org')
    for (let i = 0; i < 12; i++) await sessionOf('often@example.org')
  })

  test('a password is changed with the current one, and ends all sessions', async () => {
    const email = 'changed@example.org'
    const account = await makeAccount(opened, email)
    const session = await sessionOf(email)
    const change = (current: string, next: string) => opened.signIn.changePassword(account, { current, next })
    await refused('wrong-credentials', change('not the password', 'the next password'))
    await refused('bad-input', change(password, 'short'))
    await change(password, 'the next password')
    assert.equal((await bySession(session)).kind, 'nobody')
  })

  test('a closed account has no session, token, role, name and address; the last administrator stays', async () => {
    const own = await openTestAccounts()
    try {
      const { registry, signIn, tokens, credentials } = own
      const { id: site } = (
        await registry.sites.add({
          url: 'https://a.example',
          consent: 'assumed',
          allowPrivateAddresses: false,
        })
      ).site
      const owner = await makeAccount(own, 'owner@example.org', { site, role: 'owner' })
      const { token } = await signIn.signIn(
        { email: 'owner@example.org', password },
        { network, session: null, browser: null },
      )
      const principal = await credentials.principalOf({ authorization: undefined, session: token })
      const expiresAt = new Date(own.now() + day)
      const issued = await tokens.issue({ name: 'ci', sites: [site], scopes: [], expiresAt }, principal)
      assert.equal(await registry.accounts.close(owner.id, 'operator'), 'closed')
      assert.equal(await registry.accounts.close(owner.id, 'operator'), 'unknown')
      for (const session of [token]) {
        assert.equal((await credentials.principalOf({ authorization: undefined, session })).kind, 'nobody')
      }
      const byClosed = { authorization: `Bearer ${issued.secret}`, session: null }
      assert.equal((await credentials.principalOf(byClosed)).kind, 'nobody')
      assert.deepEqual(await registry.memberships.of(site), [])
      const closed = await registry.accounts.get(owner.id)
      assert.deepEqual([closed?.email, closed?.name], [null, ''])
      await refused(
        'wrong-credentials',
        signIn.signIn({ email: 'owner@example.org', password }, { network, session: null, browser: null }),
      )

      const administrator = await makeAccount(own, 'admin@example.org')
      assert.equal(await registry.accounts.close(administrator.id, 'operator'), 'last-administrator')
      await makeAccount(own, 'second@example.org')
      assert.equal(await registry.accounts.close(administrator.id, 'operator'), 'closed')
    } finally {
      await own.close()
    }
  })

  test('a token permits its scopes in its sites until it expires or is revoked', async () => {
    const [site, other] = [await addSite(), await addSite()]
    const operator: Principal = { kind: 'administrator', account: null }
    const expiresAt = new Date(opened.now() + day)
    const issue = () =>
      opened.tokens.issue({ name: 'ci', sites: [site], scopes: ['post.publish'], expiresAt }, operator)
    const { secret, token } = await issue()
    const principal = await byToken(secret)
    assert.ok(principal.kind === 'token')
    assert.deepEqual(
      (['report.read', 'post.publish', 'site.configure', 'token.manage'] as const).map((action) =>
        may(principal, action, site),
      ),
      [true, true, false, false],
    )
    assert.equal(may(principal, 'report.read', other), false)
    await opened.registry.apiTokens.revoke(token.id, 'operator')
    assert.equal((await byToken(secret)).kind, 'nobody')
    const later = await issue()
    opened.advance(day)
    assert.equal((await byToken(later.secret)).kind, 'nobody')
  })

  test('tokens without an end, without sites or beyond a year are refused; a seed does nothing else', async () => {
    const site = await addSite()
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
    const seed = await byToken(secret)
    assert.equal(may(seed, 'report.read', site), false)
    const rotated = await opened.tokens.rotateSeeds(site, operator)
    assert.equal((await byToken(secret)).kind, 'nobody')
    assert.equal((await byToken(rotated)).kind, 'token')
  })

  test('the tokens that a member made for a site end when it is no owner any more', async () => {
    const site = await addSite()
    const account = await makeAccount(opened, 'former@example.org', { site, role: 'owner' })
    const principal = await bySession(await sessionOf('former@example.org'))
    const expiresAt = new Date(opened.now() + day)
    const { secret } = await opened.tokens.issue(
      { name: 'ci', sites: [site], scopes: [], expiresAt },
      principal,
    )
    await opened.registry.memberships.setRole({ site, account: account.id }, 'viewer', 'operator')
    const left = await byToken(secret)
    assert.equal(may(left, 'report.read', site), false)
  })

  test('only a session that began lately adds a way to sign in', async () => {
    const email = 'left-open@example.org'
    await makeAccount(opened, email)
    const session = await sessionOf(email)
    const page = { origin: 'https://reports.example', network }
    const ownerNow = async () => {
      const owner = ownerOf(await bySession(session))
      assert.ok(owner)
      return owner
    }
    const linking = async () => ({ network, linking: await ownerNow() })
    await opened.passkeys.beginAdding(await ownerNow(), page)
    await refused('no-provider', opened.provider.begin(page.origin, await linking()))
    opened.advance(15 * minute + 1)
    await refused('sign-in-again', opened.passkeys.beginAdding(await ownerNow(), page))
    await refused('sign-in-again', opened.provider.begin(page.origin, await linking()))
    const again = ownerOf(await bySession(await sessionOf(email)))
    assert.ok(again)
    await opened.passkeys.beginAdding(again, page)
  })

  test('the operator token is an administrator; with a wrong header no session counts', async () => {
    assert.deepEqual(await byToken(operatorToken), { kind: 'administrator', account: null })
    const session = await sessionOf('first@example.org')
    for (const authorization of ['Bearer x', 'Basic YTpi', '', `Bearer ${'cd'.repeat(32)}`, 'Bearer \0']) {
      assert.equal((await opened.credentials.principalOf({ authorization, session })).kind, 'nobody')
    }
  })

  test('on a server with public reports everybody reads, and only that', async () => {
    const open = await openTestAccounts(true)
    try {
      const anybody = await open.credentials.principalOf({ authorization: undefined, session: null })
      assert.equal(anybody.kind, 'reader')
      assert.equal(may(anybody, 'report.read', 'any'), true)
      assert.equal(may(anybody, 'measurement.export', 'any'), false)
      assert.equal(may(anybody, 'installation.manage', null), false)
    } finally {
      await open.close()
    }
  })

  test('the audit log has no password, token or network', async () => {
    const text = JSON.stringify(await opened.registry.audit.list({ limit: 500 }))
    for (const secret of [password, operatorToken, network]) assert.ok(!text.includes(secret))
  })
})
