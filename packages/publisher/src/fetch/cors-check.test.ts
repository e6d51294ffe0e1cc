import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CorsCheck } from './cors-check.ts'

const page = 'https://blog.example'
const own = new URL('https://blog.example/a.png')
const cdn = new URL('https://cdn.example/a.png')
const third = new URL('https://third.example/a.png')

test("a request to the page's own origin is not cross-origin, and any response may be read", () => {
  const cors = new CorsCheck(page)
  assert.deepEqual(cors.requestHeaders(own), {})
  assert.ok(cors.allows(null))
})

test('a response of another origin may be read if it allows the page or every origin', () => {
  const cors = new CorsCheck(page)
  assert.deepEqual(cors.requestHeaders(cdn), { origin: page })
  assert.ok(cors.allows('*'))
  assert.ok(cors.allows(page))
  for (const header of [null, '', 'null', 'https://cdn.example', `${page}/`, `${page}, ${page}`])
    assert.ok(!cors.allows(header), String(header))
})

test("a redirect back to the page's origin is still checked", () => {
  const cors = new CorsCheck(page)
  cors.requestHeaders(cdn)
  assert.notDeepEqual(cors.requestHeaders(own), {})
  assert.ok(!cors.allows(null))
})

test("a redirect from another origin to a third one hides the page's origin", () => {
  const cors = new CorsCheck(page)
  assert.deepEqual(cors.requestHeaders(own), {})
  assert.deepEqual(cors.requestHeaders(cdn), { origin: page })
  assert.deepEqual(cors.requestHeaders(third), { origin: 'null' })
  assert.ok(!cors.allows(page))
  assert.ok(cors.allows('*'))
  assert.ok(cors.allows('null'))
})

test('without a page every response may be read', () => {
  const cors = new CorsCheck(undefined)
  assert.deepEqual(cors.requestHeaders(cdn), {})
  assert.ok(cors.allows(null))
})
