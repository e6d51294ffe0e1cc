import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  day,
  makeAccount,
  minute,
  network,
  openTestAccounts,
  password,
  refused,
  type TestAccounts,
  unknownClient,
} from '../accounts.testing.ts'
import { ownerOf } from '../principal/principal.ts'

describe('sessions and passwords', { timeout: 300_000 }, () => {
  let opened: TestAccounts
  before(async () => {
    opened = await openTestAccounts()
  })
  after(() => opened.close())

  test('the session of before ends with a sign-in, so that nobody can plant one', async () => {
    const email = 'rotated@example.org'
    await makeAccount(opened, email)
    const planted = await opened.sessionOf(email)
    const { token } = await opened.signIn.signIn(
      { email, password },
      { network, session: planted, browser: null },
    )
    assert.notEqual(token, planted)
    assert.equal((await opened.bySession(planted)).kind, 'nobody')
    assert.equal((await opened.bySession(token)).kind, 'administrator')
    // A text that no server drew begins no session.
    const chosen = 'A'.repeat(43)
    await opened.signIn.signIn({ email, password }, { network, session: chosen, browser: null })
    assert.equal((await opened.bySession(chosen)).kind, 'nobody')
  })

  test('a session ends with a sign-out, after a week without requests, and after 30 days', async () => {
    const email = 'sessions@example.org'
    await makeAccount(opened, email)
    const [out, idle, old] = [
      await opened.sessionOf(email),
      await opened.sessionOf(email),
      await opened.sessionOf(email),
    ]
    await opened.signIn.signOut(out)
    assert.equal((await opened.bySession(out)).kind, 'nobody')
    for (let days = 0; days < 29; days++) {
      opened.advance(day)
      assert.equal((await opened.bySession(old)).kind, 'administrator', `${days}`)
    }
    assert.equal((await opened.bySession(idle)).kind, 'nobody')
    opened.advance(day)
    assert.equal((await opened.bySession(old)).kind, 'nobody')
  })

  test('a password is changed with the current one, and ends all sessions', async () => {
    const email = 'changed@example.org'
    const account = await makeAccount(opened, email)
    const session = await opened.sessionOf(email)
    const change = (current: string, next: string) => opened.signIn.changePassword(account, { current, next })
    await refused('wrong-credentials', change('not the password', 'the next password'))
    await refused('bad-input', change(password, 'short'))
    await change(password, 'the next password')
    assert.equal((await opened.bySession(session)).kind, 'nobody')
  })

  test('a sign-in with the former password that ends after the change leaves no session', async () => {
    const email = 'raced@example.org'
    await makeAccount(opened, email)
    const link = await opened.welcoming.issue({ kind: 'password', email }, 'operator')
    const next = { token: link, email, password: 'the next password' }
    const [, ...signIns] = await Promise.allSettled([
      opened.welcoming.accept(next, unknownClient),
      ...[1, 2, 3, 4].map(() => opened.sessionOf(email)),
    ])
    for (const outcome of signIns) {
      if (outcome.status === 'rejected') assert.equal(outcome.reason.code, 'wrong-credentials')
      else assert.equal((await opened.bySession(outcome.value)).kind, 'nobody')
    }
  })

  test('only a session that began lately adds a way to sign in', async () => {
    const email = 'left-open@example.org'
    await makeAccount(opened, email)
    const session = await opened.sessionOf(email)
    const page = { origin: 'https://reports.example', network }
    const ownerNow = async () => {
      const owner = ownerOf(await opened.bySession(session))
      assert.ok(owner)
      return owner
    }
    const linking = async () => ({ network, linking: await ownerNow() })
    await opened.passkeys.beginAdding(await ownerNow(), page)
    await refused('no-provider', opened.provider.begin(page.origin, await linking()))
    opened.advance(15 * minute + 1)
    await refused('sign-in-again', opened.passkeys.beginAdding(await ownerNow(), page))
    await refused('sign-in-again', opened.provider.begin(page.origin, await linking()))
    const again = ownerOf(await opened.bySession(await opened.sessionOf(email)))
    assert.ok(again)
    await opened.passkeys.beginAdding(again, page)
  })
})
