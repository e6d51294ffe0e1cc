import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { chunkStatement, decodeBase64Url, joinStatement, receiptStatement } from '@peerpress/wire'
import { PeerKey, proofOf } from '../crypto/peer-key.ts'
import type { Platform } from '../platform.ts'

/** Tests keys and proofs with the cryptography of this platform, against Node's own. */
export function testPeerKey({ subtle }: Platform): void {
  describe('a key', () => {
    const key = new PeerKey(subtle)
    const asset = 'ab'.repeat(32)
    const hash = new Uint8Array(32).fill(7)

    const isSigned = (peer: string, statement: Uint8Array, signature: Uint8Array): boolean =>
      verify(
        null,
        statement,
        createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: peer }, format: 'jwk' }),
        signature,
      )

    test('signs joining, chunks and receipts as the peer that it names', async () => {
      const { peer, ticket, signature } = await key.join('a ticket')
      assert.equal(ticket, 'a ticket')
      assert.ok(isSigned(peer, joinStatement('a ticket'), decodeBase64Url(signature)))
      assert.ok(isSigned(peer, chunkStatement(asset, 3, hash), await key.signChunk(asset, 3, hash)))
      assert.ok(isSigned(peer, receiptStatement(peer, 5), await key.signReceipt(peer, 5)))
      assert.notEqual((await new PeerKey(subtle).join('')).peer, peer)
    })

    test('proves wrong bytes of the peer that signed them, and of no other', async () => {
      const { peer } = await key.join('')
      const signature = await key.signChunk(asset, 3, hash)
      const chunk = { asset, index: 3, hash }
      const proof = await proofOf({ peer, signature }, chunk, subtle)
      assert.equal(proof?.peer, peer)
      assert.equal(proof.hash, '07'.repeat(32))
      assert.deepEqual(decodeBase64Url(proof.signature), signature)
      const other = (await new PeerKey(subtle).join('')).peer
      assert.equal(await proofOf({ peer: other, signature }, chunk, subtle), undefined)
      assert.equal(await proofOf({ peer, signature }, { ...chunk, index: 4 }, subtle), undefined)
      assert.equal(await proofOf({ peer: 'no key', signature }, chunk, subtle), undefined)
      assert.equal(await proofOf({ peer, signature: new Uint8Array(3) }, chunk, subtle), undefined)
    })
  })
}
