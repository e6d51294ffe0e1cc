import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { manifest } from './arbitraries.testing.ts'
import {
  type Asset,
  chunkCount,
  chunkHash,
  chunkLength,
  chunkSizeFor,
  hashLength,
  maxChunks,
  maxChunkSize,
  minChunkSize,
} from './asset.ts'
import { decodeManifest, encodeManifest, type Manifest } from './manifest.ts'
import type { Snapshot } from './page/snapshot.ts'
import { decodeOrRefuse, hostileBytes, hostileText, weight } from './mutation.testing.ts'
import { WireError, type WireErrorCode } from './wire-error.ts'

const refuses = (payload: Uint8Array, code: WireErrorCode, path?: string) =>
  assert.throws(
    () => decodeManifest(payload),
    (error) =>
      error instanceof WireError && error.code === code && (path === undefined || error.path === path),
  )

const asset: Asset = {
  id: 'a'.repeat(64),
  url: 'https://blog.example/a.jpg',
  type: 'image/jpeg',
  size: minChunkSize + 1,
  chunkSize: minChunkSize,
  hashes: new Uint8Array(2 * hashLength),
}
const plain: Manifest = {
  site: 'abcdefgh01234567',
  post: '12',
  version: 1,
  issuedAt: 0,
  url: 'https://blog.example/post/',
  revoked: false,
  assets: [asset],
}
const snapshot: Snapshot = {
  id: 'c'.repeat(64),
  size: 5000,
  body: 400,
  headers: { 'content-security-policy': "default-src 'self'" },
}
const withAsset = (change: Partial<Asset>) => encodeManifest({ ...plain, assets: [{ ...asset, ...change }] })

test('decodes every manifest it encoded', () => {
  fc.assert(fc.property(manifest, (value) => assert.deepEqual(decodeManifest(encodeManifest(value)), value)))
})

test('accepts an asset with a file name, and refuses one that is not a valid header value', () => {
  const disposition = 'attachment; filename="Quarterly report 2026.zip"'
  assert.equal(decodeManifest(withAsset({ disposition })).assets[0]?.disposition, disposition)
  for (const bad of ['', 'a\r\nb: c', '\u0100', 'a'.repeat(257)])
    refuses(withAsset({ disposition: bad }), 'invalid', 'assets.0.disposition')
})

test('refuses hostile payloads with a typed error and holds no more data than the input', () => {
  const hostile = fc.oneof(
    hostileBytes(manifest.map(encodeManifest)),
    hostileText(manifest.map((value) => Buffer.from(encodeManifest(value)).toString())).map((text) =>
      new TextEncoder().encode(text),
    ),
  )
  fc.assert(
    fc.property(hostile, (payload) => {
      const value = decodeOrRefuse(() => decodeManifest(payload))
      if (value !== null) assert.ok(weight(value) <= payload.length)
    }),
    { numRuns: 500 },
  )
})

test('refuses a payload that is too large, not UTF-8 or not JSON', () => {
  refuses(new Uint8Array(6 * 1024 * 1024 + 1), 'too-large')
  refuses(Uint8Array.of(0x22, 0xff, 0x22), 'malformed')
  refuses(new TextEncoder().encode('{'), 'malformed')
})

test('refuses hashes that do not match the number of chunks', () => {
  refuses(withAsset({ hashes: new Uint8Array(hashLength) }), 'invalid', 'assets.0.hashes')
  refuses(withAsset({ hashes: new Uint8Array(3 * hashLength) }), 'invalid', 'assets.0.hashes')
  refuses(withAsset({ hashes: new Uint8Array(2 * hashLength - 1) }), 'invalid', 'assets.0.hashes')
})

test('refuses more chunks than an asset may have, even if the sizes are valid', () => {
  const size = maxChunks * minChunkSize + 1
  refuses(
    withAsset({ size, hashes: new Uint8Array((maxChunks + 1) * hashLength) }),
    'invalid',
    'assets.0.hashes',
  )
})

test('refuses sizes and chunk sizes outside their range', () => {
  for (const size of [0, -1, 1.5, maxChunks * maxChunkSize + 1])
    refuses(withAsset({ size }), 'invalid', 'assets.0.size')
  for (const chunkSize of [minChunkSize - 1, maxChunkSize + 1, minChunkSize + 0.5]) {
    refuses(withAsset({ chunkSize }), 'invalid', 'assets.0.chunkSize')
  }
})

test('refuses URLs with a fragment, credentials, another scheme or a non-normal spelling', () => {
  const urls = [
    'https://blog.example/a#b',
    'https://blog.example/a#',
    'https://me@blog.example/a',
    'https://:secret@blog.example/a',
    'ftp://blog.example/a',
    'javascript:alert(1)',
    '/a.jpg',
    'https://BLOG.example/a',
    'https://blog.example',
    'https://blog.example/x/../a',
    ' https://blog.example/a',
  ]
  for (const url of urls) refuses(withAsset({ url }), 'invalid', 'assets.0.url')
})

test('refuses two assets with one URL', () => {
  refuses(
    encodeManifest({ ...plain, assets: [asset, { ...asset, id: 'b'.repeat(64) }] }),
    'invalid',
    'assets',
  )
})

test('refuses a revoked post that still lists assets', () => {
  refuses(encodeManifest({ ...plain, revoked: true }), 'invalid', 'assets')
  assert.deepEqual(decodeManifest(encodeManifest({ ...plain, revoked: true, assets: [] })).assets, [])
})

test('accepts manifests without a snapshot, as older releases made them, and with one', () => {
  assert.equal(decodeManifest(encodeManifest(plain)).snapshot, undefined)
  assert.deepEqual(decodeManifest(encodeManifest({ ...plain, snapshot })).snapshot, snapshot)
})

test('refuses a snapshot of a revoked post', () => {
  refuses(encodeManifest({ ...plain, revoked: true, assets: [], snapshot }), 'invalid', 'snapshot')
})

test('refuses a version below 1', () => {
  refuses(encodeManifest({ ...plain, version: 0 }), 'invalid', 'version')
})

test('cuts assets of every valid size into chunks whose lengths add up to it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: maxChunks * maxChunkSize }), (size) => {
      const cut = { size, chunkSize: chunkSizeFor(size) }
      const count = chunkCount(cut)
      assert.ok(cut.chunkSize >= minChunkSize && cut.chunkSize <= maxChunkSize)
      assert.ok(count >= 1 && count <= maxChunks)
      const last = chunkLength(cut, count - 1)
      assert.ok(last >= 1 && last <= cut.chunkSize)
      assert.equal((count - 1) * cut.chunkSize + last, size)
    }),
  )
})

test('uses the smallest chunks for small assets and about 512 chunks for large ones', () => {
  assert.equal(chunkSizeFor(1), minChunkSize)
  assert.equal(chunkSizeFor(512 * minChunkSize), minChunkSize)
  assert.equal(chunkSizeFor(512 * minChunkSize + 1), 2 * minChunkSize)
  assert.equal(chunkSizeFor(10 * 1024 ** 3), maxChunkSize)
})

test('returns the hash of a chunk without copying it', () => {
  const hashes = Uint8Array.from({ length: 3 * hashLength }, (_, i) => i)
  const hash = chunkHash({ hashes }, 1)
  assert.deepEqual(hash, hashes.slice(hashLength, 2 * hashLength))
  assert.equal(hash.buffer, hashes.buffer)
})
