import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeMirrors, encodeMirrors, maxMirrors } from './mirrors.ts'

const own = 'https://peerpress.example/v1/mirror/'
const told = (header: string | null): readonly string[] => decodeMirrors(header, 'https://peerpress.example')

test('the server’s own mirror comes after the mirrors it names', () => {
  const mirrors = ['https://cdn.example/copies/', 'https://bucket.example/']
  assert.deepEqual(told(encodeMirrors(mirrors)), [...mirrors, own])
  assert.deepEqual(told(null), [own])
  assert.deepEqual(told(encodeMirrors([])), [own])
})

for (const wrong of [
  'http://cdn.example/',
  'ftp://cdn.example/',
  'data:text/html,/',
  'javascript:/',
  'cdn.example/',
  'https://cdn.example/copies',
  'https://cdn.example/?key=/',
  'https://cdn.example/#/',
  '///',
])
  test(`${wrong} is not a mirror`, () => {
    assert.deepEqual(told(`${wrong}, https://good.example/`), ['https://good.example/', own])
  })

test('a server without TLS, such as localhost, may name mirrors without TLS', () => {
  const mirrors = decodeMirrors('http://localhost:1/', 'http://localhost:4600')
  assert.deepEqual(mirrors, ['http://localhost:1/', 'http://localhost:4600/v1/mirror/'])
})

test('accepts only a few mirrors from one server', () => {
  const many = Array.from({ length: 1000 }, (_, i) => `https://${i}.example/`)
  assert.deepEqual(told(encodeMirrors(many)), [...many.slice(0, maxMirrors), own])
})
