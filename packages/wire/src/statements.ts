import { decodeHex } from './encoding/hex.ts'
import type { AssetId, PeerId } from './ids.ts'

/** Bytes of an Ed25519 signature. */
export const signatureLength = 64

/**
 * What a peer signs with a chunk it sends: that the bytes it sent as chunk `index` of the asset have this SHA-256. The
 * asset's id is made of its chunks' hashes, so with the manifest anybody can tell whether the statement is a lie.
 */
export function chunkStatement(asset: AssetId, index: number, hash: Uint8Array): Uint8Array<ArrayBuffer> {
  const place = new Uint8Array(4)
  new DataView(place.buffer).setUint32(0, index)
  return joined('chunk', decodeHex(asset), place, hash)
}

/** What a peer signs to join: that it holds the key it joins under. A ticket is for one network and two minutes. */
export function joinStatement(ticket: string): Uint8Array<ArrayBuffer> {
  return joined('join', encode(ticket))
}

/** What a peer signs for who gave it something: that it got so many valid bytes from that peer in all. */
export function receiptStatement(giver: PeerId, bytes: number): Uint8Array<ArrayBuffer> {
  return joined('receipt', encode(`${giver} ${bytes}`))
}

/** Each kind of statement begins differently: a signature of one kind is none of another. */
function joined(kind: string, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = [encode(`peerpress ${kind} 1\n`), ...parts]
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of all) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
