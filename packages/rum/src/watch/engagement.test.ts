import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { engagedTime } from './engaged-time.ts'
import { scrollDepth } from './scroll-depth.ts'

suite('engagedTime', () => {
  test('counts only while the page has attention', () => {
    const engaged = engagedTime()
    assert.equal(engaged.total(500), 0)
    engaged.attend(true, 1000)
    assert.equal(engaged.total(1300), 300)
    engaged.attend(false, 2000)
    assert.equal(engaged.total(9000), 1000)
    engaged.attend(true, 10_000)
    assert.equal(engaged.total(10_500), 1500)
  })

  test('counts an interval once if the same attention is reported again', () => {
    const engaged = engagedTime()
    engaged.attend(true, 0)
    engaged.attend(true, 400)
    engaged.attend(false, 1000)
    engaged.attend(false, 1500)
    assert.equal(engaged.total(2000), 1000)
  })

  test('subtracts nothing if the clock goes back', () => {
    const engaged = engagedTime()
    engaged.attend(true, 1000)
    engaged.attend(false, 900)
    assert.equal(engaged.total(900), 0)
  })
})

suite('scrollDepth', () => {
  test('is the furthest visible position, as a ratio of the document', () => {
    const depth = scrollDepth()
    depth.seen(800)
    depth.seen(3000)
    depth.seen(1000)
    assert.equal(depth.ratio(4000), 0.75)
  })

  test('is 0 for a page that was never visible', () => {
    assert.equal(scrollDepth().ratio(4000), 0)
  })

  test('does not count a page that was short while it loaded as read to its end', () => {
    const depth = scrollDepth()
    depth.seen(800)
    assert.equal(depth.ratio(800), 1)
    assert.equal(depth.ratio(8000), 0.1)
  })

  test("is at most 1, whatever the document's height is", () => {
    const depth = scrollDepth()
    depth.seen(800)
    assert.equal(depth.ratio(500), 1)
    assert.equal(depth.ratio(0), 1)
  })
})
