import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { openRegistry } from './open-registry.ts'
import { findPostgres, postgresMissing, startPostgres } from './engines/postgres-server.testing.ts'
import { collectEvents } from './outbox/outbox.testing.ts'
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

    test('a domain event is delivered by one of them, and follows reach both', async (t) => {
      const both = await Promise.all([openRegistry({ url }), openRegistry({ url })])
      t.after(() => Promise.all(both.map((registry) => registry.close())))
      const [a, b] = both
      const seen = collectEvents()
      const followed = [collectEvents(), collectEvents()] as const
      for (const { outbox } of both) await outbox.subscribe('shared', seen.handler)
      await a.outbox.follow(followed[0].handler)
      await b.outbox.follow(followed[1].handler)
      const changes = Array.from({ length: 20 }, (_, index) => `shared${String(index).padStart(10, '0')}`)
      await Promise.all(
        changes.map((site, index) =>
          both[index % 2 === 0 ? 0 : 1].outbox.append({ type: 'site.added', site }),
        ),
      )
      const hasAll = (of: typeof seen) =>
        of.until(() => changes.every((id) => of.events.some(({ site }) => site === id)))
      await Promise.all([seen, ...followed].map(hasAll))
      const shared = seen.events.filter(({ site }) => changes.includes(site))
      assert.equal(shared.length, 20)
      const positions = shared.map(({ position }) => position)
      assert.deepEqual(
        positions,
        positions.toSorted((x, y) => x - y),
      )
    })

    test('a schedule that both repeat never runs on both at the same time', async (t) => {
      const both = await Promise.all([openRegistry({ url }), openRegistry({ url })])
      t.after(() => Promise.all(both.map((registry) => registry.close())))
      let running = 0
      let most = 0
      let runs = 0
      const first = Promise.withResolvers<void>()
      const run = async () => {
        most = Math.max(most, ++running)
        runs++
        await first.promise
        running--
      }
      const schedule = { name: 'both', cron: '0 0 1 1 *', run }
      const [a, b] = both
      await a.schedules.repeat(schedule, () => assert.fail())
      await b.schedules.repeat(schedule, () => assert.fail())
      // The second server's request to run now is left out while the first run is not over.
      first.resolve()
      while ((await a.schedules.outcomes()).find(({ name }) => name === 'both')?.endedAt == null) {
        await new Promise((resolve) => setImmediate(resolve))
      }
      assert.deepEqual([most, runs], [1, 1])
    })
  })
}
