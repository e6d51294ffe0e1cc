import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyStart } from './origin-range.ts'

const partial = (range: string): Response =>
  new Response('x', { status: 206, headers: { 'Content-Range': range } })

test('a response with the whole body starts at 0, even if a range was requested', () => {
  assert.equal(bodyStart(new Response('x'), 1), 0)
})

test('a partial response starts at the offset of its Content-Range', () => {
  assert.equal(bodyStart(partial('bytes 5-9/10'), 10), 5)
  assert.equal(bodyStart(partial('bytes 5-9/*'), 10), 5)
})

test('a response for another size, without a Content-Range or with an error status is null', () => {
  assert.equal(bodyStart(partial('bytes 5-9/11'), 10), null)
  assert.equal(bodyStart(new Response('x', { status: 206 }), 10), null)
  assert.equal(bodyStart(new Response('x', { status: 404 }), 1), null)
})
