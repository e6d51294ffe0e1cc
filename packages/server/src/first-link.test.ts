import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createAccountServices } from '@peerpress/accounts'
import { openRegistry } from '@peerpress/registry'
import { makeFirstLink } from './first-link.ts'

test(
  'the first link has an address that a browser can sign in at, and there is none beside an administrator',
  { timeout: 120_000 },
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'peerpress-first-link-'))
    const registry = await openRegistry({ directory: join(directory, 'registry') })
    t.after(async () => {
      await registry.close()
      await rm(directory, { recursive: true, force: true })
    })
    const options = { registry, isOperatorToken: async () => false, publicReports: false }
    const { welcoming } = createAccountServices(options)
    for (const [url, address] of [
      ['https://peerpress.example', 'https://peerpress.example'],
      ['http://127.0.0.1:4600', 'http://localhost:4600'],
      ['http://0.0.0.0:4600', 'http://localhost:4600'],
      ['http://[::]:4600', 'http://localhost:4600'],
      // Signing in is refused there, and the command says so.
      ['http://192.0.2.7:4600', 'http://192.0.2.7:4600'],
    ] as const) {
      const link = await makeFirstLink(registry, { welcoming, url })
      assert.equal(link?.split('/welcome#')[0], address)
    }
    // An installation of release 0.1 has the operator token for it.
    await registry.secret('derived-seed-key')
    assert.equal(await makeFirstLink(registry, { welcoming, url: 'http://127.0.0.1:4600' }), null)
    const token = await welcoming.issue({ kind: 'first' }, 'operator')
    const first = { token, email: 'a@example.org', name: 'A', password: 'correct horse battery' }
    await welcoming.accept(first, { network: '192.0.2.0/24', browser: null })
    const fresh = { ...registry, storedSecret: async () => null }
    assert.equal(await makeFirstLink(fresh, { welcoming, url: 'http://127.0.0.1:4600' }), null)
  },
)
