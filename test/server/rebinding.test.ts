import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInPublicNamespace, withoutNamespaces } from '../support/server/public-namespace.ts'

test(
  'a name that changes between a public address and this machine leads the server to the public one alone',
  { timeout: 600_000, skip: withoutNamespaces },
  async () => {
    assert.deepEqual(await runInPublicNamespace('rebinding.main.ts'), {
      open: true,
      inside: [],
      wasOfferedInside: true,
    })
  },
)
