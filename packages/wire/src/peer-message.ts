import type { AssetId } from './ids.ts'
import { decodeHex, encodeHex } from './encoding/hex.ts'
import { hashLength, maxChunks, maxChunkSize } from './asset.ts'
import { signatureLength } from './statements.ts'
import { WireError } from './wire-error.ts'

/** Version of the peer protocol, sent in `hello`. */
export const peerProtocolVersion = 2

/** Maximum payload of a frame that receivers accept, bytes. Senders choose less: `sentFramePayload` in swarm. */
export const maxFramePayload = 64 * 1024

/** A message between two peers. Each data-channel message carries one. */
export type PeerMessage =
  | { readonly type: 'hello'; readonly version: number; readonly manifestVersion: number }
  /** All chunks of an asset that the sender holds. Bit `i` (most significant first) stands for chunk `i`. */
  | { readonly type: 'bitfield'; readonly asset: AssetId; readonly chunks: number; readonly bits: Uint8Array }
  /** The sender now holds one more chunk. */
  | { readonly type: 'have'; readonly asset: AssetId; readonly index: number }
  | { readonly type: 'request'; readonly asset: AssetId; readonly index: number }
  | { readonly type: 'cancel'; readonly asset: AssetId; readonly index: number }
  /** The sender will not answer the request. */
  | {
      readonly type: 'reject'
      readonly asset: AssetId
      readonly index: number
      readonly reason: RejectReason
    }
  /** A part of a chunk. Frames of a chunk are sent in order. */
  | {
      readonly type: 'frame'
      readonly asset: AssetId
      readonly index: number
      /** Offset of the payload in the chunk, bytes. */
      readonly offset: number
      /** Length of the whole chunk, bytes. */
      readonly length: number
      readonly payload: Uint8Array
      /** The sender's signature over `chunkStatement`. Only the first frame, at offset 0, carries it. */
      readonly signature?: Uint8Array | undefined
    }
  /**
   * The total of valid bytes that the sender received from the recipient, signed over `receiptStatement`. The latest
   * receipt replaces earlier ones.
   */
  | { readonly type: 'receipt'; readonly bytes: number; readonly signature: Uint8Array }
  | { readonly type: 'bye' }

export type RejectReason = 'missing' | 'busy'

const types = ['hello', 'bitfield', 'have', 'request', 'cancel', 'reject', 'frame', 'bye', 'receipt'] as const
const rejectReasons: readonly RejectReason[] = ['missing', 'busy']
const chunkHead = 1 + hashLength + 4
const frameHead = chunkHead + 8
const receiptLength = 9 + signatureLength

/** Encodes a message as big-endian bytes. The first byte is the type. */
export function encodePeerMessage(message: PeerMessage): Uint8Array<ArrayBuffer> {
  const kind = types.indexOf(message.type)
  switch (message.type) {
    case 'hello': {
      const { bytes, view } = allocate(kind, 6)
      view.setUint8(1, message.version)
      view.setUint32(2, message.manifestVersion)
      return bytes
    }
    case 'bitfield': {
      const { bytes } = allocateForChunk(kind, message.asset, message.chunks, message.bits.length)
      bytes.set(message.bits, chunkHead)
      return bytes
    }
    case 'have':
    case 'request':
    case 'cancel':
      return allocateForChunk(kind, message.asset, message.index, 0).bytes
    case 'reject': {
      const { bytes, view } = allocateForChunk(kind, message.asset, message.index, 1)
      view.setUint8(chunkHead, rejectReasons.indexOf(message.reason))
      return bytes
    }
    case 'frame': {
      const { asset, index, offset, length, payload, signature } = message
      const head = headOf(offset)
      const { bytes, view } = allocateForChunk(kind, asset, index, head - chunkHead + payload.length)
      view.setUint32(chunkHead, offset)
      view.setUint32(chunkHead + 4, length)
      if (signature !== undefined) bytes.set(signature, frameHead)
      bytes.set(payload, head)
      return bytes
    }
    case 'receipt': {
      const { bytes, view } = allocate(kind, receiptLength)
      view.setFloat64(1, message.bytes)
      bytes.set(message.signature, 9)
      return bytes
    }
    case 'bye':
      return allocate(kind, 1).bytes
  }
}

/**
 * Decodes one message. Extra bytes after its fields are ignored, except in a bitfield. A frame's payload and a
 * bitfield's bits are views of `bytes`, not copies.
 * @throws {WireError} `malformed` on a wrong length, `unsupported` on an unknown type, `invalid` on a field out of
 * range.
 */
export function decodePeerMessage(bytes: Uint8Array): PeerMessage {
  if (bytes.length === 0) throw new WireError('malformed', 'empty peer message')
  const type = types[bytes[0] ?? types.length]
  if (type === undefined) throw new WireError('unsupported', 'unknown peer message')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 'bye') return { type }
  if (type === 'hello') {
    expectFields(bytes, 6)
    return { type, version: view.getUint8(1), manifestVersion: view.getUint32(2) }
  }
  if (type === 'receipt') {
    expectFields(bytes, receiptLength)
    const count = view.getFloat64(1)
    if (!Number.isSafeInteger(count) || count < 0)
      throw new WireError('invalid', 'receipt: no count', 'bytes')
    return { type, bytes: count, signature: bytes.subarray(9, receiptLength) }
  }
  if (bytes.length < chunkHead) throw new WireError('malformed', `${type}: truncated`)
  const asset = encodeHex(bytes.subarray(1, 1 + hashLength))
  const index = view.getUint32(1 + hashLength)
  if (index >= maxChunks + (type === 'bitfield' ? 1 : 0))
    throw new WireError('invalid', `${type}: no such chunk`, 'index')
  switch (type) {
    case 'bitfield':
      return decodeBitfield(bytes, asset, index)
    case 'have':
    case 'request':
    case 'cancel':
      return { type, asset, index }
    case 'reject': {
      expectFields(bytes, chunkHead + 1)
      const reason = rejectReasons[view.getUint8(chunkHead)]
      if (reason === undefined) throw new WireError('invalid', 'reject: unknown reason', 'reason')
      return { type, asset, index, reason }
    }
    case 'frame':
      return decodeFrame(bytes, view, { asset, index })
  }
}

function decodeBitfield(bytes: Uint8Array, asset: AssetId, chunks: number): PeerMessage {
  if (chunks === 0) throw new WireError('invalid', 'bitfield: an asset has at least one chunk', 'chunks')
  expectLength(bytes, chunkHead + Math.ceil(chunks / 8))
  const bits = bytes.subarray(chunkHead)
  const spare = bits.length * 8 - chunks
  if (((bits.at(-1) ?? 0) & ((1 << spare) - 1)) !== 0) {
    throw new WireError('invalid', 'bitfield: bits past the last chunk are set', 'bits')
  }
  return { type: 'bitfield', asset, chunks, bits }
}

function decodeFrame(
  bytes: Uint8Array,
  view: DataView,
  { asset, index }: { readonly asset: AssetId; readonly index: number },
): PeerMessage {
  const offset = bytes.length < frameHead ? 0 : view.getUint32(chunkHead)
  const head = headOf(offset)
  if (bytes.length <= head) throw new WireError('malformed', 'frame: truncated')
  const length = view.getUint32(chunkHead + 4)
  const payload = bytes.subarray(head)
  if (payload.length > maxFramePayload) throw new WireError('too-large', 'frame: payload over 64 KiB')
  if (length > maxChunkSize || offset + payload.length > length) {
    throw new WireError('invalid', 'frame: reaches past its chunk', 'length')
  }
  const signature = offset === 0 ? bytes.subarray(frameHead, head) : undefined
  return { type: 'frame', asset, index, offset, length, payload, signature }
}

/** Returns the length of a frame before its payload, bytes. */
function headOf(offset: number): number {
  return offset === 0 ? frameHead + signatureLength : frameHead
}

/** Checks that all known fields are present. Further bytes belong to a later release. */
function expectFields(bytes: Uint8Array, length: number): void {
  if (bytes.length < length) throw new WireError('malformed', `${bytes.length} bytes instead of ${length}`)
}

function expectLength(bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new WireError('malformed', `${bytes.length} bytes instead of ${length}`)
}

function allocate(kind: number, length: number): { bytes: Uint8Array<ArrayBuffer>; view: DataView } {
  const bytes = new Uint8Array(length)
  bytes[0] = kind
  return { bytes, view: new DataView(bytes.buffer) }
}

function allocateForChunk(
  kind: number,
  asset: AssetId,
  index: number,
  extra: number,
): ReturnType<typeof allocate> {
  const allocated = allocate(kind, chunkHead + extra)
  allocated.bytes.set(decodeHex(asset), 1)
  allocated.view.setUint32(1 + hashLength, index)
  return allocated
}
