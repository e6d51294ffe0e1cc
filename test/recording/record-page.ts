import { networkInterfaces } from 'node:os'
import { decodePeerMessage } from '@peerpress/wire'
import type { Page } from 'puppeteer-core'
import type { PortChannel } from '../support/data/fixtures.ts'
import type { Recording } from './recording.ts'

declare global {
  interface Window {
    /** Hands what the page sent or received to the recorder. */
    recordFixture?: (channel: string, text: string) => Promise<void>
  }
}

/** Records what this page sends to and gets from the tracker, its peers and its worker; before it is opened. */
export async function recordPage(page: Page, address: string, recording: Recording): Promise<void> {
  await page.exposeFunction('recordFixture', (channel: string, text: string) => {
    if (channel === 'tracker' || channel === 'peer') {
      const { type } = JSON.parse(text) as { readonly type: string }
      recording.add('tracker-messages', `${channel} ${kindOf(text)}`, {
        how: 'recorded',
        to: channel,
        text: withoutOwnAddresses(text),
        at: Date.now(),
        address: type === 'join' ? address : null,
      })
    } else if (channel === 'data-channel') {
      const bytes = Buffer.from(text, 'base64')
      const { type } = decodePeerMessage(bytes)
      recording.add('peer-messages', type, { how: 'recorded', type, base64: text })
    } else {
      const message = JSON.parse(text) as { readonly type?: string; readonly peerpress?: string }
      const type = `${channel} ${message.type ?? message.peerpress}`
      recording.add('port-messages', type, { how: 'recorded', channel: channel as PortChannel, message })
    }
  })
  await page.evaluateOnNewDocument(listenToPage)
}

/** ICE candidates name the addresses of the machine: in fixtures it has loopback's. */
function withoutOwnAddresses(text: string): string {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ internal }) => !internal)
    .reduce(
      (left, { address, family }) => left.replaceAll(address, family === 'IPv6' ? '::1' : '127.0.0.1'),
      text,
    )
}

/** A signal's kind counts as a type, and so does what is said only of some. */
function kindOf(text: string): string {
  const message = JSON.parse(text) as {
    readonly type: string
    readonly code?: string
    readonly seed?: boolean
    readonly signal?: { readonly kind: string }
  }
  return [message.type, message.code, message.seed, message.signal?.kind].join(' ')
}

/** Runs in the page before its scripts. */
function listenToPage(): void {
  const note = (channel: string, text: string): void => {
    // A page that is left takes its last messages with it: they are not the only ones of their type.
    window.recordFixture?.(channel, text).catch(() => undefined)
  }
  const base64 = (bytes: Uint8Array): string =>
    btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  const withBytes = (_: string, value: unknown): unknown =>
    value instanceof Uint8Array ? { $bytes: base64(value) } : value

  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols)
      this.addEventListener('message', ({ data }) => note('peer', String(data)))
    }
    override send(data: string): void {
      note('tracker', data)
      super.send(data)
    }
  }

  const sendToPeer = Reflect.get(RTCDataChannel.prototype, 'send') as (data: unknown) => void
  RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
    note('data-channel', base64(data instanceof ArrayBuffer ? new Uint8Array(data) : (data as Uint8Array)))
    sendToPeer.call(this, data)
  }

  // oxlint-disable-next-line typescript/unbound-method -- called with its port below
  const { start } = MessagePort.prototype
  MessagePort.prototype.start = function (this: MessagePort) {
    this.addEventListener('message', ({ data }) => note('worker', JSON.stringify(data, withBytes)))
    start.call(this)
  }
  const postOn = Reflect.get(MessagePort.prototype, 'postMessage') as (...args: unknown[]) => void
  MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
    note('page', JSON.stringify(args[0], withBytes))
    postOn.apply(this, args)
  } as typeof MessagePort.prototype.postMessage

  const postToWorker = Reflect.get(ServiceWorker.prototype, 'postMessage') as (...args: unknown[]) => void
  ServiceWorker.prototype.postMessage = function (this: ServiceWorker, ...args: unknown[]) {
    note('page-call', JSON.stringify(args[0], withBytes))
    postToWorker.apply(this, args)
  } as typeof ServiceWorker.prototype.postMessage
  navigator.serviceWorker.addEventListener('message', ({ data }) =>
    note('worker-call', JSON.stringify(data, withBytes)),
  )
}
