import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodePeerMessage, encodePeerMessage } from '@peerpress/wire'
import { framesOf, sentFramePayload } from './frames.ts'

test('a chunk is restored from its frames, each of which the protocol accepts', () => {
  const asset = 'ab'.repeat(32)
  const bytes = Uint8Array.from({ length: 150_000 }, (_, i) => i & 255)
  const chunk = new Uint8Array(bytes.length)
  let offset = 0
  const signature = new Uint8Array(64).fill(5)
  for (const frame of framesOf({ asset, index: 3, signature }, bytes)) {
    const message = decodePeerMessage(encodePeerMessage(frame))
    assert.ok(message.type === 'frame')
    assert.equal(message.index, 3)
    assert.deepEqual(message.signature, offset === 0 ? signature : undefined)
    assert.equal(message.offset, offset)
    assert.equal(message.length, bytes.length)
    assert.ok(message.payload.length <= sentFramePayload)
    chunk.set(message.payload, offset)
    offset += message.payload.length
  }
  assert.deepEqual(chunk, bytes)
})
