import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInPublicNamespace, withoutNamespaces } from '../support/server/public-namespace.ts'

test(
  'an account connects a site that lists the challenge, becomes its owner, and nobody else does',
  { timeout: 600_000, skip: withoutNamespaces },
  async () => {
    assert.deepEqual(await runInPublicNamespace('connect-proof.main.ts'), {
      without: 'unproven',
      redirected: 'unproven',
      isUnregistered: true,
      proven: 200,
      late: 'not-owner',
      again: 'bad-code',
      foreign: 403,
      own: 303,
      members: ['ada@example.org OWNER'],
      fetched: ['/?peerpress=challenge'],
      elsewhere: [],
    })
  },
)
