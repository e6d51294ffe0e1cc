import { countField, expect, fieldsOf, patternField, textField } from '../encoding/fields.ts'
import { maxChunks } from '../asset.ts'
import type { AssetId, PeerId } from '../ids.ts'
import { parseJson } from '../encoding/parse-json.ts'
import { hashPattern, keyPattern, signaturePattern } from '../patterns.ts'
import { type Signal, signalField } from './signal.ts'
import { countUnknownFields, type UnknownFields } from '../encoding/unknown-fields.ts'

/**
 * Maximum length of a message to the tracker, characters of JSON. Chromium's offers for a data channel have about 600.
 */
export const maxTrackerMessageLength = 16 * 1024

/**
 * A proof that a peer sent a wrong chunk: its signature over `chunkStatement` with another hash than the manifest's.
 * Anyone with the manifest can check it.
 */
export interface ChunkProof {
  readonly peer: PeerId
  readonly asset: AssetId
  readonly index: number
  /** SHA-256 of the bytes that the peer sent, 64 lower-case hex digits. */
  readonly hash: string
  /** 64 bytes as base64url. */
  readonly signature: string
}

/** A message from a peer to the tracker. */
export type TrackerClientMessage =
  /** First message of a connection. The signature over `joinStatement` proves that the key belongs to the sender. */
  | { readonly type: 'join'; readonly ticket: string; readonly peer: PeerId; readonly signature: string }
  /** Requests introductions to up to `peers` more peers. */
  | { readonly type: 'want'; readonly peers: number }
  | { readonly type: 'signal'; readonly to: PeerId; readonly signal: Signal }
  | { readonly type: 'accuse'; readonly proof: ChunkProof }
  /** The total of bytes from the sender that the named peer signed for. */
  | { readonly type: 'claim'; readonly peer: PeerId; readonly bytes: number; readonly signature: string }
  | { readonly type: 'leave' }

/**
 * Decodes a message. Fields that this release does not know are dropped and added to `tally`.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeTrackerClientMessage(text: string, tally?: UnknownFields): TrackerClientMessage {
  const value = parseJson(text, maxTrackerMessageLength)
  const message = messageOf(value)
  if (tally !== undefined) tally.unknownFields += countUnknownFields(value, message)
  return message
}

function messageOf(value: unknown): TrackerClientMessage {
  const type = (value as { readonly type?: unknown } | null)?.type
  switch (type) {
    case 'join': {
      const { ticket, peer, signature } = fieldsOf(value, ['type', 'ticket', 'peer', 'signature'])
      return {
        type,
        ticket: textField(ticket, 'ticket', 2048),
        peer: keyOf(peer),
        signature: signatureOf(signature),
      }
    }
    case 'want': {
      const { peers } = fieldsOf(value, ['type', 'peers'])
      return { type, peers: countField(peers, 'peers', [1, 12]) }
    }
    case 'signal': {
      const { to, signal } = fieldsOf(value, ['type', 'to', 'signal'])
      return { type, to: keyOf(to), signal: signalField(signal) }
    }
    case 'accuse':
      return { type, proof: proofOf(fieldsOf(value, ['type', 'proof']).proof) }
    case 'claim': {
      const { peer, bytes, signature } = fieldsOf(value, ['type', 'peer', 'bytes', 'signature'])
      return {
        type,
        peer: keyOf(peer),
        bytes: countField(bytes, 'bytes', [1, Number.MAX_SAFE_INTEGER]),
        signature: signatureOf(signature),
      }
    }
    case 'leave':
      fieldsOf(value, ['type'])
      return { type }
    default:
      expect(false, 'type')
      throw new Error('never')
  }
}

function proofOf(value: unknown): ChunkProof {
  const { peer, asset, index, hash, signature } = fieldsOf(value, [
    'peer',
    'asset',
    'index',
    'hash',
    'signature',
  ])
  return {
    peer: keyOf(peer),
    asset: patternField(asset, 'asset', hashPattern),
    index: countField(index, 'index', [0, maxChunks - 1]),
    hash: patternField(hash, 'hash', hashPattern),
    signature: signatureOf(signature),
  }
}

function keyOf(value: unknown): PeerId {
  return patternField(value, 'peer', keyPattern)
}

function signatureOf(value: unknown): string {
  return patternField(value, 'signature', signaturePattern)
}
