import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SuiteContext } from '../suite.testing.ts'

export function describeOutcomes(context: SuiteContext): void {
  describe('outcomes', () => {
    const leftOut = [{ reason: 'too-large', url: 'https://a.example/big.mp4', count: 1 }]

    test('a failure is recorded beside the current publication until a later run succeeds', async () => {
      const { outcomes } = context.registry()
      const { site } = await context.site('outcomes')
      const post = { site: site.id, post: '12' }
      assert.deepEqual(await outcomes.of(site.id, ['12']), [])
      await outcomes.record({ ...post, result: 'published', version: 1, assets: 3, leftOut })
      await outcomes.record({ ...post, result: 'failed', code: 'timeout', message: 'too late' })
      const [failed] = await outcomes.of(site.id, ['12', '13'])
      const at = new Date(context.now())
      const publication = { post: '12', version: 1, assets: 3, leftOut, at }
      assert.deepEqual(failed, { ...publication, result: 'failed', code: 'timeout', message: 'too late' })
      await outcomes.record({ ...post, result: 'unchanged', version: 1, assets: 3, leftOut })
      const [same] = await outcomes.of(site.id, ['12'])
      assert.deepEqual(same, { ...publication, result: 'unchanged', code: null, message: null })
      await outcomes.record({ ...post, result: 'revoked', version: 2 })
      const [revoked] = await outcomes.of(site.id, ['12'])
      assert.deepEqual([revoked?.version, revoked?.assets, revoked?.leftOut], [2, 0, null])
    })

    test('texts and lists are cut, and any text can be stored', async () => {
      const { outcomes } = context.registry()
      const { site } = await context.site('bounded')
      const many = Array.from({ length: 70 }, (_, index) => ({
        reason: index % 2 === 0 ? 'gone' : 'type',
        url: `https://a.example/${index}/${'x'.repeat(1000)}`,
        count: 1,
      }))
      await outcomes.record({
        site: site.id,
        post: '1',
        result: 'published',
        version: 1,
        assets: 0,
        leftOut: many,
      })
      const [receipt] = await outcomes.of(site.id, ['1'])
      const found = receipt?.leftOut ?? []
      assert.equal(found.length, 52)
      assert.ok(found.every(({ url }) => url === null || url.length === 500))
      assert.deepEqual(found.slice(50), [
        { reason: 'gone', url: null, count: 10 },
        { reason: 'type', url: null, count: 10 },
      ])
      await outcomes.record({
        site: site.id,
        post: '1',
        result: 'failed',
        code: 'network',
        message: 'a\0b\ud800',
      })
      assert.equal((await outcomes.of(site.id, ['1']))[0]?.message, 'ab\ufffd')
    })

    test('outcomes are removed with their site, and none is stored for a removed site', async () => {
      const { outcomes, sites } = context.registry()
      const { site } = await context.site('outcomes-gone')
      await outcomes.record({ site: site.id, post: '1', result: 'absent' })
      await sites.remove(site.id)
      assert.deepEqual(await outcomes.of(site.id, ['1']), [])
      await outcomes.record({ site: site.id, post: '1', result: 'absent' })
      assert.deepEqual(await outcomes.of(site.id, ['1']), [])
    })
  })
}
