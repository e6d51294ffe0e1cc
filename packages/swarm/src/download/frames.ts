import type { AssetId, PeerMessage } from '@peerpress/wire'

/**
 * Payload bytes of a sent frame at most. Receivers accept up to 64 KiB, but a message that announces or requests a chunk
 * waits behind the frame that is being sent: on an uplink of 1.25 Mbit/s that is 0.1 s, not 0.4.
 */
export const sentFramePayload = 16 * 1024

/** Yields the frame messages of a chunk. The first carries the sender's signature over `chunkStatement`. */
export function* framesOf(
  {
    asset,
    index,
    signature,
  }: { readonly asset: AssetId; readonly index: number; readonly signature: Uint8Array },
  bytes: Uint8Array,
): Generator<PeerMessage> {
  for (let offset = 0; offset < bytes.length; offset += sentFramePayload) {
    const payload = bytes.subarray(offset, offset + sentFramePayload)
    const signed = offset === 0 ? { signature } : {}
    yield { type: 'frame', asset, index, offset, length: bytes.length, payload, ...signed }
  }
}
