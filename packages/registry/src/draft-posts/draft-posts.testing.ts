import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { draftInput } from '../drafts/drafts.testing.ts'
import type { SuiteContext } from '../suite.testing.ts'
import { draftPostQueue } from './draft-posts.ts'

/** The way of drafts into the CMS, whatever database they are in. */
export function describeDraftPosts(context: SuiteContext): void {
  describe('posts of drafts', () => {
    const passed = async (path: string) => {
      const { drafts } = context.registry()
      const { site } = await context.site(path)
      const { id } = await drafts.request(draftInput(site.id))
      await drafts.change(id, { from: ['queued'], to: 'passed', refusals: [] })
      return { site: site.id, id }
    }

    test('of two people who approve a draft at once one does, and it is enqueued once', async () => {
      const { drafts, draftPosts, jobs } = context.registry()
      const { id } = await passed('draft-posts')
      const both = await Promise.all(['Ada', 'Grace'].map((by) => draftPosts.approve(id, by)))
      assert.equal(both.filter(Boolean).length, 1)
      const draft = await drafts.get(id)
      assert.deepEqual([draft?.status, draft?.approvedBy], ['approved', both[0] ? 'Ada' : 'Grace'])
      const seen = Promise.withResolvers<unknown>()
      const stop = await jobs.work(draftPostQueue, 1, async ({ data }) => seen.resolve(data))
      assert.deepEqual(await seen.promise, { draft: id })
      await stop()
    })

    test('only a draft that a person approved is sent again after a conflict', async () => {
      const { drafts, draftPosts } = context.registry()
      const { id } = await passed('draft-posts-again')
      assert.equal(await draftPosts.retry(id), false)
      await drafts.change(id, { from: ['passed'], to: 'failed' })
      assert.equal(await draftPosts.retry(id), false)
      await drafts.change(id, { from: ['failed'], to: 'passed' })
      await draftPosts.approve(id, 'Ada')
      await drafts.change(id, { from: ['approved'], to: 'conflict' })
      assert.equal(await draftPosts.retry(id), true)
      assert.equal((await drafts.get(id))?.status, 'approved')
    })

    test('a draft has the post that the CMS made of it, also after a later failure', async () => {
      const { draftPosts } = context.registry()
      const { id, site } = await passed('draft-posts-of')
      await draftPosts.record({ draft: id, site, post: '12', detail: 'Saved\0 as a draft.' })
      await draftPosts.record({ draft: id, site, post: null, detail: 'The site did not answer.' })
      assert.deepEqual(await draftPosts.get(id), {
        draft: id,
        site,
        post: '12',
        detail: 'The site did not answer.',
        updatedAt: new Date(context.now()),
      })
      assert.equal(await draftPosts.draftOf(site, '12'), id)
      assert.equal(await draftPosts.draftOf(site, '13'), null)
      assert.equal(await draftPosts.draftOf(site, '\0'), null)
      assert.equal(await draftPosts.get('\0'), null)
      assert.equal(await draftPosts.approve('\0', 'Ada'), false)
    })
  })
}
