import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPublishing } from '../publishing.testing.ts'

test(
  'a page that cannot be read in time fails its post until the next event, and others are published',
  { timeout: 300_000 },
  async (t) => {
    const entry = new URL('../page/hostile-thread.testing.ts', import.meta.url)
    const publishing = await startPublishing({ pageReader: { entry, timeLimit: 2000 } })
    const blog = await publishing.startBlog()
    t.after(async () => {
      await publishing.close()
      await blog.web.close()
    })
    const failed = {
      site: blog.siteId,
      post: '12',
      attempt: 0,
      result: 'failed',
      code: 'unreadable-page',
      message: 'the HTML of the post cannot be read: reading it took more than 2000 ms',
    }
    blog.serve('hang')
    assert.deepEqual(await blog.publish(), failed)
    // A job that waits for another attempt would count its attempts.
    assert.deepEqual(await blog.publish(), failed)
    assert.equal(await publishing.publisher.manifest(blog.siteId, '12'), null)
    blog.picture('1.png')
    blog.serve(`${blog.web.origin}/blog/1.png`)
    assert.equal((await blog.publish('13')).result, 'published')
  },
)

test(
  'a page in an encoding that no browser decodes fails its post with a reason of its own',
  { timeout: 300_000 },
  async (t) => {
    const publishing = await startPublishing()
    const blog = await publishing.startBlog()
    t.after(async () => {
      await publishing.close()
      await blog.web.close()
    })
    blog.web.routes.set('/blog/post/', { body: '<p>', type: 'text/html; charset=iso-2022-kr' })
    for (const _ of ['first', 'after the first was not tried again']) {
      const outcome = await blog.publish()
      assert.deepEqual(
        [outcome.result === 'failed' && outcome.code, outcome.attempt],
        ['unsupported-encoding', 0],
      )
    }
  },
)

test('a listener that throws does not fail the job', { timeout: 300_000 }, async (t) => {
  const publishing = await startPublishing()
  const blog = await publishing.startBlog()
  t.after(async () => {
    await publishing.close()
    await blog.web.close()
  })
  const outcomes: string[] = []
  publishing.publisher.onJobDone(() => {
    throw new Error('a listener failed')
  })
  publishing.publisher.onJobDone(({ result }) => outcomes.push(result))
  blog.serve('<p>')
  assert.equal((await blog.publish()).result, 'published')
  assert.deepEqual(outcomes, ['published'])
})
