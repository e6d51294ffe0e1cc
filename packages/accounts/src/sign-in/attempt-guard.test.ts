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

describe('guesses', { timeout: 300_000 }, () => {
  let opened: TestAccounts
  before(async () => {
    opened = await openTestAccounts()
  })
  after(() => opened.close())

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
      const account = await own.welcoming.accept({ token, email, password: next }, unknownClient)
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
    for (let i = 0; i < 12; i++) await opened.sessionOf('often@example.org')
  })
})
