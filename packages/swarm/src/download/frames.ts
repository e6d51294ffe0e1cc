import { type AssetId, maxFramePayload, type PeerMessage } from '@peerpress/wire'

/** Yields the frame messages of a chunk. The first carries the sender's signature over `chunkStatement`. */
export function* framesOf(
  {
    asset,
    index,
    signature,
  }: { readonly asset: AssetId; readonly index: number; readonly signature: Uint8Array },
  bytes: Uint8Array,
): Generator<PeerMessage> {
  for (let offset = 0; offset < bytes.length; offset += maxFramePayload) {
    const payload = bytes.subarray(offset, offset + maxFramePayload)
    const signed = offset === 0 ? { signature } : {}
    yield { type: 'frame', asset, index, offset, length: bytes.length, payload, ...signed }
  }
}
