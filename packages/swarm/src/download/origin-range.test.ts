import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyStart } from './origin-range.ts'

const partial = (range: string): Response =>
  new Response('x', { status: 206, headers: { 'Content-Range': range } })

test('an answer with the whole body begins at 0, also when a range was asked for', () => {
  assert.equal(bodyStart(new Response('x'), 1), 0)
})

test('a partial answer begins where its Content-Range says', () => {
  assert.equal(bodyStart(partial('bytes 5-9/10'), 10), 5)
  assert.equal(bodyStart(partial('bytes 5-9/*'), 10), 5)
})

test('an answer about a file of another size, without a range or with an error is none', () => {
  assert.equal(bodyStart(partial('bytes 5-9/11'), 10), null)
  assert.equal(bodyStart(new Response('x', { status: 206 }), 10), null)
  assert.equal(bodyStart(new Response('x', { status: 404 }), 1), null)
})
