import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  day,
  makeAccount,
  network,
  openTestAccounts,
  password,
  refused,
  type TestAccounts,
  unknownClient,
} from '../accounts.testing.ts'

describe('links', { timeout: 300_000 }, () => {
  let opened: TestAccounts
  before(async () => {
    opened = await openTestAccounts()
  })
  after(() => opened.close())

  test('the first link creates the first administrator once, and no second one', async () => {
    const { welcoming, registry } = opened
    const [first, second] = [
      await welcoming.issue({ kind: 'first' }, 'operator'),
      await welcoming.issue({ kind: 'first' }, 'operator'),
    ]
    assert.equal(await registry.accounts.hasAdministrator(), false)
    const input = { token: first, email: 'First@Example.org', name: 'First', password }
    const account = await welcoming.accept(input, unknownClient)
    assert.deepEqual([account.email, account.isAdministrator], ['first@example.org', true])
    await refused('bad-link', welcoming.accept({ ...input, email: 'again@example.org' }, unknownClient))
    await refused(
      'bad-link',
      welcoming.accept({ ...input, email: 'b@example.org', token: second }, unknownClient),
    )
    assert.equal((await registry.accounts.list()).length, 1)
  })

  test('two uses of the first link at the same time create one administrator', async () => {
    const own = await openTestAccounts()
    try {
      const token = await own.welcoming.issue({ kind: 'first' }, 'operator')
      const uses = ['a@example.org', 'b@example.org'].map((email) =>
        own.welcoming.accept({ token, email, name: 'A', password }, unknownClient),
      )
      const outcomes = await Promise.allSettled(uses)
      assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
      assert.equal((await own.registry.accounts.list()).length, 1)
    } finally {
      await own.close()
    }
  })

  test('a link for a member creates the account with the role, and nothing else', async () => {
    const site = await opened.addSite()
    const account = await makeAccount(opened, 'editor@example.org', { site, role: 'editor' })
    assert.equal(account.isAdministrator, false)
    const principal = await opened.bySession(await opened.sessionOf('editor@example.org'))
    assert.ok(principal.kind === 'account')
    assert.deepEqual([...principal.roles], [[site, 'editor']])
  })

  test('a link gives an existing account a further role only with its password', async () => {
    const [one, two] = [await opened.addSite(), await opened.addSite()]
    await makeAccount(opened, 'both@example.org', { site: one, role: 'owner' })
    const email = 'both@example.org'
    const token = await opened.welcoming.issue(
      { kind: 'member', email, site: two, role: 'viewer' },
      'operator',
    )
    const wrong = { token, email, password: 'another long password' }
    await refused('wrong-credentials', opened.welcoming.accept(wrong, unknownClient))
    await opened.welcoming.accept({ token, email, password }, unknownClient)
    const principal = await opened.bySession(await opened.sessionOf(email))
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
    await refused('bad-link', opened.welcoming.accept(other, unknownClient))
    opened.advance(7 * day)
    await refused('bad-link', opened.welcoming.accept({ ...other, email: 'late@example.org' }, unknownClient))
  })

  test('a password link sets a new password and ends the sessions', async () => {
    const email = 'forgetful@example.org'
    await makeAccount(opened, email)
    const session = await opened.sessionOf(email)
    const token = await opened.welcoming.issue({ kind: 'password', email }, 'operator')
    await opened.welcoming.accept({ token, email, password: 'a new long password' }, unknownClient)
    assert.equal((await opened.bySession(session)).kind, 'nobody')
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
        opened.welcoming.accept({ ...good, [field]: value }, unknownClient),
        { code: 'bad-input', message: new RegExp(`^${field}`) },
        `${field} ${JSON.stringify(value)}`,
      )
    }
    for (const input of [null, 3, [], {}])
      await refused('bad-input', opened.welcoming.accept(input, unknownClient))
  })
})
