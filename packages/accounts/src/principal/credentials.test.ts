import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeAccount, openTestAccounts, operatorToken, type TestAccounts } from '../accounts.testing.ts'
import { may } from './may.ts'

describe('credentials', { timeout: 300_000 }, () => {
  let opened: TestAccounts
  before(async () => {
    opened = await openTestAccounts()
  })
  after(() => opened.close())

  test('the operator token is an administrator; with a wrong header no session counts', async () => {
    assert.deepEqual(await opened.byToken(operatorToken), { kind: 'administrator', account: null })
    await makeAccount(opened, 'first@example.org')
    const session = await opened.sessionOf('first@example.org')
    assert.equal((await opened.bySession(session)).kind, 'administrator')
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
})
