import type { Page } from 'puppeteer-core'

/** First byte of a `frame`, the message that carries a chunk's bytes; see `packages/wire/src/peer-message.ts`. */
const frame = 6

/** Makes this reader's browser send wrong bytes in every chunk that it serves. */
export async function makePolluter(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((kind) => {
    const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: unknown) => void
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      const bytes =
        data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array((data as Uint8Array).slice())
      if (bytes[0] === kind) bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 0xff
      send.call(this, bytes)
    }
  }, frame)
}

/** Makes this reader's browser promise everything and fall silent at its first chunk. */
export async function makeSilent(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((kind) => {
    const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: unknown) => void
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      const bytes = data instanceof ArrayBuffer ? new Uint8Array(data) : (data as Uint8Array)
      if (bytes[0] !== kind) send.call(this, data)
    }
  }, frame)
}
