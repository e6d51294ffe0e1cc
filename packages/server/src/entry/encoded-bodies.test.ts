import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { EncodedBodies } from './encoded-bodies.ts'

const text = (length: number) => randomBytes(length / 2).toString('hex')

/** A body, and how often it was read. */
function source(key: string, body: string, version = 1) {
  let reads = 0
  const load = async () => {
    reads++
    return Buffer.from(body)
  }
  return { key, version, load, reads: () => reads }
}

test('reads and compresses a body once for concurrent and later requests', async () => {
  const bodies = new EncodedBodies(1_000_000)
  const one = source('a', text(100_000))
  const first = await Promise.all(Array.from({ length: 20 }, () => bodies.get(one)))
  const again = await bodies.get(one)
  assert.equal(one.reads(), 1)
  assert.ok(again?.gzip)
  assert.deepEqual(gunzipSync(again.gzip), again.plain)
  // The same Buffers, not equal ones.
  for (const body of first) assert.ok(body?.plain === again.plain && body.gzip === again.gzip)
  assert.match(again.etag, /^W\/"[\w-]{22}"$/)
})

test('reads a body again after its version changed, and drops the old one', async () => {
  const bodies = new EncodedBodies(1_000_000)
  const before = await bodies.get(source('a', 'before', 1))
  const after = await bodies.get(source('a', 'after', 2))
  assert.equal(String(after?.plain), 'after')
  assert.notEqual(after?.etag, before?.etag)
  assert.equal(bodies.bytes, 5 + (after?.gzip?.length ?? 0))
})

test('holds up to a limit of bytes, the most recently used bodies', async () => {
  const bodies = new EncodedBodies(400_000)
  const sources = ['a', 'b', 'c', 'd'].map((key) => source(key, text(100_000)))
  const [a, b, c, d] = sources
  assert.ok(a && b && c && d)
  // Each takes about 160,000 with its compressed copy.
  for (const one of [a, b, a, c]) await bodies.get(one)
  assert.ok(bodies.bytes <= 400_000)
  await bodies.get(a)
  await bodies.get(b)
  assert.deepEqual([a.reads(), b.reads()], [1, 2])
  for (let i = 0; i < 10; i++) for (const one of sources) await bodies.get(one)
  assert.ok(bodies.bytes > 100_000 && bodies.bytes <= 400_000)
})

test('serves a body that is too large to be held', async () => {
  const bodies = new EncodedBodies(10_000)
  const large = source('a', text(6000))
  const body = await bodies.get(large)
  assert.ok(body?.gzip)
  assert.equal(bodies.bytes, 0)
  await bodies.get(large)
  assert.equal(large.reads(), 2)
})

test('compresses one body at a time, and requests for other bodies do not wait for it', async () => {
  const bodies = new EncodedBodies(10_000_000)
  const asked = ['a', 'b', 'c'].map((key) => bodies.get(source(key, text(1_000_000))))
  const compressed = (await Promise.all(asked)).filter((body) => body?.gzip !== null)
  assert.equal(compressed.length, 1)
  for (const key of ['a', 'b', 'c']) assert.ok((await bodies.get(source(key, '')))?.gzip)
})

test('does not cache that a body does not exist', async () => {
  const bodies = new EncodedBodies(1000)
  assert.equal(await bodies.get({ key: 'a', version: 1, load: async () => null }), null)
  assert.equal(String((await bodies.get(source('a', 'here')))?.plain), 'here')
})

test('fails all requests whose body cannot be read, and reads again the next time', async () => {
  const bodies = new EncodedBodies(1000)
  const load = async () => {
    throw new Error('no disk')
  }
  const ask = () => assert.rejects(bodies.get({ key: 'a', version: 1, load }), /no disk/)
  await Promise.all([ask(), ask()])
  assert.equal(String((await bodies.get(source('a', 'here')))?.plain), 'here')
})
