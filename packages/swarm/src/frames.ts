import { type AssetId, maxFramePayload, type PeerMessage } from '@peerpress/wire'

/** A chunk as the messages it is sent in. */
export function* framesOf(asset: AssetId, index: number, bytes: Uint8Array): Generator<PeerMessage> {
  for (let offset = 0; offset < bytes.length; offset += maxFramePayload) {
    const payload = bytes.subarray(offset, offset + maxFramePayload)
    yield { type: 'frame', asset, index, offset, length: bytes.length, payload }
  }
}
