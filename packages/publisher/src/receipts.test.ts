import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Blog, type Publishing, startPublishing } from './publishing.testing.ts'
import { png } from './test-site.testing.ts'

describe('receipts', { timeout: 120_000 }, () => {
  let publishing: Publishing
  let blog: Blog

  before(async () => {
    publishing = await startPublishing()
    blog = await publishing.startBlog()
  })
  after(async () => {
    await blog.web.close()
    await publishing.close()
  })

  test('a post that was never processed has none', async () => {
    assert.equal(await blog.receipt(), undefined)
  })

  test('the receipt of a publication has its version, its assets and the left-out media', async () => {
    blog.picture('a.png')
    blog.picture('big.png', png(3_500_000))
    blog.serve('<img src="/blog/a.png"><img src="/blog/big.png"><img src="/blog/missing.png">')
    await blog.publish()
    const receipt = await blog.receipt()
    assert.deepEqual([receipt?.result, receipt?.version, receipt?.assets], ['published', 1, 1])
    const reasons = Object.fromEntries((receipt?.leftOut ?? []).map(({ reason, count }) => [reason, count]))
    assert.deepEqual(reasons, { 'too-large': 1, gone: 1 })
  })

  test('the receipt of a failure has its code and the version that readers still have', async () => {
    blog.web.routes.set('/blog/post/', { status: 500, body: 'no' })
    await blog.publish()
    const receipt = await blog.receipt()
    assert.deepEqual([receipt?.result, receipt?.code, receipt?.version], ['failed', 'bad-status', 1])
    assert.match(receipt?.message ?? '', /500/)
  })

  test('refuses more than a hundred posts, and a value that is not a list of posts', async () => {
    for (const posts of [Array.from({ length: 101 }, String), 'all', [12]]) {
      await assert.rejects(blog.receipts(posts), { code: 'bad-event' })
    }
  })
})
