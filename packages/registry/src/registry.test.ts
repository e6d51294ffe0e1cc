import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openRegistry } from './open-registry.ts'
import { findPostgres, postgresMissing, startPostgres } from './engines/postgres-server.testing.ts'
import { describeRegistry } from './registry.testing.ts'

const directories: string[] = []
describeRegistry('PGlite', () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-registry-'))
  directories.push(directory)
  return { directory }
})
after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true })
})

const programs = findPostgres()
if (programs === null) {
  test('registry on PostgreSQL', { skip: process.env.CI === 'true' ? false : postgresMissing }, () =>
    assert.fail(postgresMissing),
  )
} else {
  const server = await startPostgres(programs)
  after(() => server.stop())
  describeRegistry('PostgreSQL', () => ({ url: server.createDatabase() }))

  describe('two registries on one PostgreSQL', { timeout: 300_000 }, () => {
    const url = server.createDatabase()

    test('opened at the same time on an empty database, both find it migrated', async (t) => {
      const both = await Promise.all([openRegistry({ url }), openRegistry({ url })])
      t.after(() => Promise.all(both.map((registry) => registry.close())))
      const [a, b] = both
      await a.sites.add({ url: 'https://both.example', consent: 'assumed', allowPrivateAddresses: false })
      assert.equal((await b.sites.list()).length, 1)
    })

    test('an event that reaches both is claimed once', async (t) => {
      const both = await Promise.all([openRegistry({ url }), openRegistry({ url })])
      t.after(() => Promise.all(both.map((registry) => registry.close())))
      const input = {
        url: 'https://claimed.example',
        consent: 'assumed',
        allowPrivateAddresses: false,
      } as const
      const { site } = await both[0].sites.add(input)
      const job = { name: 'unworked', key: 'k', data: {} }
      const claims = await Promise.all(
        Array.from({ length: 10 }, (_, i) => both[i % 2 === 0 ? 0 : 1].events.claim(site.id, 'evt', job)),
      )
      assert.equal(claims.filter(Boolean).length, 1)
    })
  })
}
