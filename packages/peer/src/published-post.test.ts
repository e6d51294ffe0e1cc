import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import {
  encodeEnvelope,
  encodeManifest,
  type Manifest,
  manifestPayloadType,
  preAuthEncoding,
  WireError,
} from '@peerpress/wire'
import { verifyManifest } from './published-post.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const page = { site: 'abcdefghij123456', post: '12', key: publicKey.export({ format: 'jwk' }).x ?? '' }
const verify = (text: string) => verifyManifest(text, page, crypto.subtle)
const manifest: Manifest = {
  site: page.site,
  post: page.post,
  version: 3,
  issuedAt: 0,
  url: 'https://example.org/post/',
  revoked: false,
  assets: [],
}

function envelope(
  changes: Partial<Manifest> = {},
  key = privateKey,
  type: string = manifestPayloadType,
): string {
  const payload = encodeManifest({ ...manifest, ...changes })
  const bytes = Uint8Array.from(sign(null, preAuthEncoding(type, payload), key))
  return encodeEnvelope({ payloadType: type, payload, signatures: [{ keyId: '', bytes }] })
}

test('a manifest that the site signed for this post is taken', async () => {
  assert.deepEqual(await verify(envelope()), manifest)
})

test('a manifest of another key, post or site is not', async () => {
  const other = generateKeyPairSync('ed25519').privateKey
  assert.equal(await verify(envelope({}, other)), null)
  assert.equal(await verify(envelope({ post: '13' })), null)
  assert.equal(await verify(envelope({ site: 'abcdefghij123457' })), null)
})

test('a signature over something that is no manifest does not make it one', async () => {
  assert.equal(await verify(envelope({}, privateKey, 'text/plain')), null)
})

test('a manifest that was changed after signing is not taken', async () => {
  const { payload, ...rest } = JSON.parse(envelope()) as { payload: string }
  const changed = Buffer.from(Buffer.from(payload, 'base64').toString().replace('"version":3', '"version":4'))
  const text = JSON.stringify({ ...rest, payload: changed.toString('base64') })
  assert.equal(await verify(text), null)
})

test('what is no envelope is refused by name', async () => {
  await assert.rejects(verify('<html>'), WireError)
})
