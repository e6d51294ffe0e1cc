import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PostState } from './statements.ts'
import { publication, refused, type SuiteContext } from '../suite.testing.ts'

export function describeStatements(context: SuiteContext): void {
  describe('statements of a CMS about a post', () => {
    let events = 0
    async function state(site: string, says: PostState, saidAt = new Date(context.now())): Promise<void> {
      const job = { name: 'stated', key: site, data: {}, statement: { post: '12', says, saidAt } }
      assert.equal(await context.registry().events.claim(site, `stated_${++events}`, job), true)
    }
    const saysOf = async (site: string) => (await context.registry().statements.get(site, '12'))?.says ?? null

    test('are recorded with their events; the latest counts, and only a publication ends a withdrawal', async () => {
      const { id } = (await context.site('stated')).site
      assert.equal(await saysOf(id), null)
      const start = context.now()
      for (const [says, second, expected] of [
        ['published', 0, 'published'],
        ['suspended', 1, 'suspended'],
        ['withdrawn', 2, 'withdrawn'],
        ['suspended', 3, 'withdrawn'],
        // An event of before, whose delivery took longer.
        ['published', 2, 'withdrawn'],
        ['published', 4, 'published'],
        ['withdrawn', 3, 'published'],
        ['withdrawn', 4, 'withdrawn'],
      ] as const) {
        context.advance(1000)
        await state(id, says, new Date(start + second * 1000))
        assert.equal(await saysOf(id), expected, `${says} of second ${second}`)
      }
    })

    test('from the future get the time of their arrival', async () => {
      const { id } = (await context.site('stated-ahead')).site
      await state(id, 'withdrawn', new Date(context.now() + 3600_000))
      await state(id, 'published')
      assert.equal(await saysOf(id), 'published')
    })

    test('of withdrawal forbid a publication, but no revocation', async () => {
      const { posts } = context.registry()
      const { id } = (await context.site('stated-withdrawn')).site
      await state(id, 'published')
      await posts.record(publication(id, 1, ['a']))
      await state(id, 'withdrawn')
      const statement = await context.registry().statements.get(id, '12')
      await refused('withdrawn', posts.record(publication(id, 2, ['a'])))
      await refused('withdrawn', posts.record({ ...publication(id, 2, ['a']), statement }))
      await posts.record({ ...publication(id, 2, []), revoked: true })
      await state(id, 'published')
      await posts.record(publication(id, 3, ['a']))
    })

    test('of suspension end with the publication that was made from them, and with no other', async () => {
      const { posts, statements } = context.registry()
      const { id } = (await context.site('stated-suspended')).site
      await state(id, 'suspended')
      const earlier = await statements.get(id, '12')
      context.advance(1000)
      await state(id, 'suspended')
      await refused('withdrawn', posts.record({ ...publication(id, 1, ['a']), statement: earlier }))
      const statement = await statements.get(id, '12')
      await posts.record({ ...publication(id, 1, ['a']), statement })
      assert.equal(await saysOf(id), 'published')
    })
  })
}
