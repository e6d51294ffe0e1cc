import type { Page } from 'puppeteer-core'

/** First byte of a `frame`, the message that carries a chunk's bytes; see `packages/wire/src/peer-message.ts`. */
const frame = 6

/** Makes this reader's browser send wrong bytes in every chunk that it serves, under the signature of the right ones. */
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

/** Makes this reader's browser send wrong bytes in every chunk, and sign them as its own. */
export async function makeLiar(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((kind) => {
    const head = { statement: 1, offset: 37, length: 41, signature: 45, firstPayload: 109 }
    let key: CryptoKey | undefined
    const generate = Reflect.get(SubtleCrypto.prototype, 'generateKey') as (
      ...args: unknown[]
    ) => Promise<CryptoKeyPair>
    SubtleCrypto.prototype.generateKey = async function (this: SubtleCrypto, ...args: unknown[]) {
      const pair = await generate.apply(this, args)
      key = pair.privateKey
      return pair
    } as typeof SubtleCrypto.prototype.generateKey
    const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: unknown) => void
    /** The frames of the chunk that each channel is sending. */
    const chunks = new Map<RTCDataChannel, Uint8Array<ArrayBuffer>[]>()
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      const bytes = (data as Uint8Array<ArrayBuffer>).slice()
      if (bytes[0] !== kind) {
        send.call(this, data)
        return
      }
      const frames = [...(chunks.get(this) ?? []), bytes]
      chunks.set(this, frames)
      const sent = frames.reduce((sum, one) => sum + payloadOf(one).length, 0)
      if (sent < new DataView(bytes.buffer).getUint32(head.length)) return
      chunks.delete(this)
      // A liar that fails at it is silent.
      lie(this, frames).catch(() => {})
    }
    function payloadOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
      const isFirst = new DataView(bytes.buffer).getUint32(head.offset) === 0
      return bytes.subarray(isFirst ? head.firstPayload : head.signature)
    }
    async function lie(channel: RTCDataChannel, frames: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
      const [first] = frames
      if (first === undefined) return
      const payload = payloadOf(first)
      payload[0] = (payload[0] as number) ^ 0xff
      const hash = await crypto.subtle.digest('SHA-256', await new Blob(frames.map(payloadOf)).arrayBuffer())
      const statement = new Uint8Array([
        ...new TextEncoder().encode('peerpress chunk 1\n'),
        ...first.subarray(head.statement, head.offset),
        ...new Uint8Array(hash),
      ])
      first.set(
        new Uint8Array(await crypto.subtle.sign('Ed25519', key as CryptoKey, statement)),
        head.signature,
      )
      for (const bytes of frames) send.call(channel, bytes)
    }
  }, frame)
}

/** Makes this reader's browser accuse everybody it meets of a wrong chunk, with the signatures of right ones. */
export async function makeFramer(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((kind) => {
    const met: string[] = []
    const lines: WebSocket[] = []
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols)
        lines.push(this)
        this.addEventListener('message', ({ data }) => {
          const message = JSON.parse(String(data)) as { readonly type: string; readonly peer: string }
          if (message.type === 'introduce') met.push(message.peer)
        })
      }
    }
    // oxlint-disable-next-line typescript/unbound-method -- called with its connection below
    const create = RTCPeerConnection.prototype.createDataChannel
    RTCPeerConnection.prototype.createDataChannel = function (this: RTCPeerConnection, ...args) {
      const channel = create.apply(this, args)
      channel.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
        const bytes = new Uint8Array(data)
        if (bytes[0] === kind) frameAll(bytes)
      })
      return channel
    }
    function frameAll(bytes: Uint8Array): void {
      const asset = Array.from(bytes.subarray(1, 33), (byte) => byte.toString(16).padStart(2, '0')).join('')
      const index = new DataView(bytes.buffer).getUint32(33)
      const signature = btoa(String.fromCharCode(...bytes.subarray(45, 109)))
        .replaceAll('+', '-')
        .replaceAll('/', '_')
        .replaceAll('=', '')
      for (const peer of met) {
        const proof = { peer, asset, index, hash: '0'.repeat(64), signature }
        lines.at(-1)?.send(JSON.stringify({ type: 'accuse', proof }))
      }
    }
  }, frame)
}

/** Makes this reader's browser say that it holds nothing, whatever it holds: nobody asks it for anything. */
export async function makeFreeRider(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const [bitfield, have] = [1, 2]
    const send = Reflect.get(RTCDataChannel.prototype, 'send') as (data: unknown) => void
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      const bytes = (data as Uint8Array<ArrayBuffer>).slice()
      if (bytes[0] === have) return
      if (bytes[0] === bitfield) bytes.fill(0, 37)
      send.call(this, bytes)
    }
  })
}
