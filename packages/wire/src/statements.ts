import { decodeHex } from './encoding/hex.ts'
import type { AssetId, PeerId } from './ids.ts'

/** Length of an Ed25519 signature, bytes. */
export const signatureLength = 64

/**
 * Returns the statement that a peer signs with each chunk: the bytes it sent as chunk `index` of the asset have this
 * SHA-256. An asset's id is made of its chunk hashes, so anyone with the manifest can check the statement.
 */
export function chunkStatement(asset: AssetId, index: number, hash: Uint8Array): Uint8Array<ArrayBuffer> {
  const place = new Uint8Array(4)
  new DataView(place.buffer).setUint32(0, index)
  return joined('chunk', decodeHex(asset), place, hash)
}

/**
 * Returns the statement that a peer signs to join. It proves that the peer holds its key. A ticket is valid for one
 * network and two minutes.
 */
export function joinStatement(ticket: string): Uint8Array<ArrayBuffer> {
  return joined('join', encode(ticket))
}

/** Returns the statement that a peer signs for the peer it downloaded from: the total of valid bytes received. */
export function receiptStatement(giver: PeerId, bytes: number): Uint8Array<ArrayBuffer> {
  return joined('receipt', encode(`${giver} ${bytes}`))
}

/** Each kind of statement starts differently, so a signature of one kind is not valid for another. */
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
