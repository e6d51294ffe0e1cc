import assert from 'node:assert/strict'
import { once } from 'node:events'
import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import {
  encodeEnvelope,
  encodeManifest,
  type Manifest,
  manifestPayloadType,
  maxEnvelopeLength,
  preAuthEncoding,
} from '@peerpress/wire'
import { changeOf, fetchPost, type PostConfig } from './published-post.ts'
import { SeedError } from './seed-error.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const manifest: Manifest = {
  site: 'abcdefghij123456',
  post: '12',
  version: 3,
  issuedAt: 0,
  url: 'https://example.org/post/',
  revoked: false,
  assets: [],
}
let server: Server
let config: PostConfig
let status = 200
let body = ''

before(async () => {
  server = createServer((_, response) => response.writeHead(status).end(body))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  config = {
    site: manifest.site,
    post: manifest.post,
    server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: publicKey.export({ format: 'jwk' }).x ?? '',
  } as PostConfig
})
after(() => server.close())

function envelope(changes: Partial<Manifest> = {}): string {
  const payload = encodeManifest({ ...manifest, ...changes })
  const bytes = Uint8Array.from(sign(null, preAuthEncoding(manifestPayloadType, payload), privateKey))
  return encodeEnvelope({ payloadType: manifestPayloadType, payload, signatures: [{ keyId: '', bytes }] })
}

const isRefused = (code: string) => (error: unknown) => error instanceof SeedError && error.code === code

test('the post is fetched with its manifest, also when it is revoked', async () => {
  body = envelope()
  assert.deepEqual((await fetchPost(config)).manifest, manifest)
  body = envelope({ revoked: true })
  assert.equal((await fetchPost(config)).manifest.revoked, true)
})

test('what is no manifest of the post is refused by name', async () => {
  for (const text of ['<html>We are back soon', '', envelope({ post: '13' })]) {
    body = text
    await assert.rejects(fetchPost(config), isRefused('no-manifest'))
  }
})

test('a server that fails, or never ends, is unreachable', async () => {
  status = 503
  await assert.rejects(fetchPost(config), isRefused('unreachable'))
  status = 200
  body = ' '.repeat(maxEnvelopeLength + 1)
  await assert.rejects(fetchPost(config), isRefused('unreachable'))
})

test('only a newer manifest ends a seed’s part, or begins another', () => {
  const at = (version: number, revoked = false): Manifest => ({ ...manifest, version, revoked })
  assert.equal(changeOf(at(3), at(4)), 'updated')
  assert.equal(changeOf(at(3), at(4, true)), 'revoked')
  for (const version of [2, 3]) {
    assert.equal(changeOf(at(3), at(version)), 'none')
    assert.equal(changeOf(at(3), at(version, true)), 'none')
  }
})
