import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { refused, type SuiteContext } from '../suite.testing.ts'

/** Connections to a search engine's console, whatever database they are in. */
export function describeSearchConnections(context: SuiteContext): void {
  describe('search connections', () => {
    const property = 'sc-domain:blog.example'
    const connected = async (path: string) => {
      const { site } = await context.site(path)
      const input = { site: site.id, kind: 'oauth', account: null, credential: 'refresh-token-1' } as const
      await context.registry().searchConnections.connect(input)
      return site.id
    }

    test('a connection is due once a property is chosen, and its credential is read only by itself', async () => {
      const { searchConnections } = context.registry()
      const site = await connected('console')
      assert.ok(!(await searchConnections.due()).includes(site))
      const chosen = await searchConnections.choose(site, property)
      assert.deepEqual([chosen?.property, chosen?.problem, chosen?.importedAt], [property, null, null])
      assert.ok(!JSON.stringify(chosen).includes('refresh-token'))
      assert.ok((await searchConnections.due()).includes(site))
      assert.equal(await searchConnections.credential(site), 'refresh-token-1')
      await searchConnections.succeeded(site, new Date(context.now() + 1000))
      assert.deepEqual((await searchConnections.get(site))?.importedAt, new Date(context.now()))
    })

    test('a failed import is due at its time, or not before somebody connects again', async () => {
      const { searchConnections } = context.registry()
      const site = await connected('console-quota')
      await searchConnections.choose(site, property)
      const resumeAt = new Date(context.now() + 900_000)
      await searchConnections.failed(site, {
        problem: 'quota',
        detail: 'Too many\0 requests.',
        resumeAt,
        hadProgress: true,
      })
      const { problem, detail, attempts } = (await searchConnections.get(site)) ?? {}
      assert.deepEqual([problem, detail, attempts], ['quota', 'Too many requests.', 1])
      assert.ok(!(await searchConnections.due()).includes(site))
      context.advance(900_000)
      assert.ok((await searchConnections.due()).includes(site))
      await searchConnections.failed(site, {
        problem: 'revoked',
        detail: 'Gone.',
        resumeAt: null,
        hadProgress: false,
      })
      assert.ok(!(await searchConnections.due()).includes(site))
      await searchConnections.connect({
        site,
        kind: 'service-account',
        account: 'a@b.example',
        credential: '{}',
      })
      assert.ok((await searchConnections.due()).includes(site))
      assert.equal(await searchConnections.credential(site), '{}')
    })

    test('days are those of the chosen property', async () => {
      const { searchConnections } = context.registry()
      const site = await connected('console-days')
      await searchConnections.choose(site, property)
      const day = { day: '2025-11-30', isFinal: false }
      assert.equal(await searchConnections.recordDays(site, property, [day]), true)
      await searchConnections.recordDays(site, property, [{ day: '2025-12-01', isFinal: false }])
      await searchConnections.recordDays(site, property, [{ ...day, isFinal: true }])
      assert.deepEqual(await searchConnections.days(site), [
        { day: '2025-12-01', isFinal: false },
        { day: '2025-11-30', isFinal: true },
      ])
      assert.equal(await searchConnections.recordDays(site, 'https://other.example/', [day]), false)
      await searchConnections.choose(site, property)
      assert.equal((await searchConnections.days(site)).length, 2)
      await searchConnections.choose(site, 'https://blog.example/')
      assert.deepEqual(await searchConnections.days(site), [])
    })

    test('a connection goes with its credential and its days, and there is none of an unknown site', async () => {
      const { searchConnections } = context.registry()
      const site = await connected('console-gone')
      await searchConnections.choose(site, property)
      await searchConnections.recordDays(site, property, [{ day: '2025-12-01', isFinal: true }])
      assert.equal(await searchConnections.remove(site), true)
      assert.equal(await searchConnections.remove(site), false)
      assert.deepEqual(
        [
          await searchConnections.get(site),
          await searchConnections.credential(site),
          await searchConnections.days(site),
        ],
        [null, null, []],
      )
      const input = { kind: 'oauth', account: null, credential: 'x' } as const
      for (const unknown of ['zzzzzzzzzzzzzzzz', '\0']) {
        await refused('unknown-site', searchConnections.connect({ ...input, site: unknown }))
        assert.equal(await searchConnections.choose(unknown, property), null)
      }
    })

    test('an authorization is used once, in time, by its holder', async () => {
      const { searchAuthorizations } = context.registry()
      const { site } = await context.site('console-consent')
      const authorization = { site: site.id, holder: 'account-1', verifier: 'v'.repeat(43) }
      const hash = (text: string) => createHash('sha256').update(text).digest()
      const expiresAt = new Date(context.now() + 1000)
      await searchAuthorizations.begin(authorization, { hash: hash('one'), expiresAt })
      await searchAuthorizations.begin(authorization, { hash: hash('two'), expiresAt })
      assert.equal(await searchAuthorizations.take(hash('three')), null)
      assert.deepEqual(await searchAuthorizations.take(hash('one')), authorization)
      assert.equal(await searchAuthorizations.take(hash('one')), null)
      context.advance(1000)
      assert.equal(await searchAuthorizations.take(hash('two')), null)
    })
  })
}
