import assert from 'node:assert/strict'
import { test } from 'node:test'
import { continuation, pathOfOldLink, placeOf, sitePath } from './place.ts'

const siteId = 'abcdefgh12345678'

test('a path has one place', () => {
  assert.deepEqual(placeOf('/'), { kind: 'all-sites' })
  assert.deepEqual(placeOf('/sign-in'), { kind: 'sign-in' })
  assert.deepEqual(placeOf('/welcome/'), { kind: 'welcome' })
  assert.deepEqual(placeOf('/you'), { kind: 'you' })
  assert.deepEqual(placeOf('/accounts'), { kind: 'accounts' })
  assert.deepEqual(placeOf('/moderation'), { kind: 'moderation' })
  assert.deepEqual(placeOf(sitePath(siteId)), { kind: 'site', siteId, page: '' })
  assert.deepEqual(placeOf(`${sitePath(siteId, 'regions')}/`), { kind: 'site', siteId, page: 'regions' })
})

test('other paths are unknown, whatever their characters', () => {
  for (const path of [
    '/elsewhere',
    '/sites',
    '/sites/%',
    '/sites/a/b/c',
    '/sites/../x',
    '/sign-in/x',
    '/you/x',
    '/sites/A',
  ])
    assert.deepEqual(placeOf(path), { kind: 'unknown' }, path)
})

test('a link of an earlier release leads to the same site and range', () => {
  assert.equal(pathOfOldLink(`#site=${siteId}&range=week`), `/sites/${siteId}?range=week`)
  assert.equal(pathOfOldLink(`#site=${siteId}`), `/sites/${siteId}`)
  assert.equal(pathOfOldLink('#range=month'), '/?range=month')
  assert.equal(pathOfOldLink('#site=//evil.example'), '/')
  for (const hash of ['', '#', '#main']) assert.equal(pathOfOldLink(hash), null)
})

test('signing in continues at a page of the dashboard alone', () => {
  assert.equal(continuation('/sites/abc/posts?range=week'), '/sites/abc/posts?range=week')
  assert.equal(continuation('/you'), '/you')
  assert.equal(continuation('/accounts'), '/accounts')
  for (const text of [
    null,
    '',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/sign-in',
    '/v1/x',
  ])
    assert.equal(continuation(text), '/', String(text))
})
