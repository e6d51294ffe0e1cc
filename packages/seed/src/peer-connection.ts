import { describesChannel, type IceServer, type Signal } from '@peerpress/wire'
import { type DataChannel, PeerConnection as NativeConnection } from 'node-datachannel'
import type { Guard } from './guard.ts'

const openTimeout = 10_000
/** Frames wait while more than this is in the channel's send buffer, bytes. */
const highWater = 1024 * 1024
const lowWater = 256 * 1024

/** What a connection is given and whom it tells. */
export interface PeerConnectionOptions {
  /** Takes what callbacks throw; the connection is closed then. */
  readonly guard: Guard
  readonly iceServers: readonly IceServer[]
  /** Through TURN servers alone. */
  readonly relayOnly: boolean
  readonly role: 'offer' | 'answer'
  readonly onSignal: (signal: Signal) => void
  readonly onOpen: () => void
  readonly onMessage: (bytes: Uint8Array<ArrayBuffer>) => void
  /** Told once, also when the connection never opened; not after `close()`. */
  readonly onClosed: () => void
}

/**
 * One ordered, reliable data channel to one peer, the same as a browser's. Connection and channel are held by this
 * object: unreferenced ones are collected in the middle of a transfer.
 */
export class PeerConnection {
  readonly #connection: NativeConnection
  readonly #channel: DataChannel
  readonly #options: PeerConnectionOptions
  readonly #openTimer: NodeJS.Timeout
  #sending: Promise<void> = Promise.resolve()
  #onDrained: () => void = () => {}
  #isDescribed = false
  #isClosed = false

  constructor(options: PeerConnectionOptions) {
    this.#options = options
    this.#connection = new NativeConnection('peerpress', {
      iceServers: options.iceServers.flatMap(nativeServers),
      iceTransportPolicy: options.relayOnly ? 'relay' : 'all',
      disableAutoNegotiation: true,
    })
    const lose = () => this.#lose()
    // The native code calls these, and whatever they throw would end the process.
    const safely = <Args extends readonly unknown[]>(work: (...args: Args) => void) =>
      options.guard.callback((...args: Args) => {
        if (!this.#isClosed) work(...args)
      }, lose)
    this.#openTimer = setTimeout(safely(lose), openTimeout)
    this.#connection.onLocalDescription(
      safely((sdp: string, type: string) => {
        if (type === 'offer' || type === 'answer') options.onSignal({ kind: type, sdp })
      }),
    )
    this.#connection.onLocalCandidate(
      safely((candidate: string, sdpMid: string) =>
        options.onSignal({ kind: 'candidate', candidate, sdpMid, sdpMLineIndex: 0 }),
      ),
    )
    this.#connection.onStateChange(
      safely((state: string) => {
        if (state === 'failed' || state === 'closed') lose()
      }),
    )
    this.#channel = this.#connection.createDataChannel('peerpress/1', { negotiated: true, id: 0 })
    this.#channel.setBufferedAmountLowThreshold(lowWater)
    this.#channel.onOpen(
      safely(() => {
        clearTimeout(this.#openTimer)
        options.onOpen()
      }),
    )
    this.#channel.onMessage(
      // The protocol has no text messages: an empty one is refused by whoever decodes it.
      safely((data: string | Buffer | ArrayBuffer) =>
        options.onMessage(typeof data === 'string' ? new Uint8Array() : new Uint8Array(data)),
      ),
    )
    this.#channel.onBufferedAmountLow(safely(() => this.#onDrained()))
    this.#channel.onClosed(safely(lose))
    if (options.role === 'offer') this.#connection.setLocalDescription('offer')
  }

  /** Takes a signal of the other side, in the order they came. */
  accept(signal: Signal): void {
    if (this.#isClosed) return
    try {
      if (signal.kind === 'candidate') {
        // An empty candidate says that there are no more.
        if (signal.candidate !== '')
          this.#connection.addRemoteCandidate(signal.candidate, signal.sdpMid ?? '0')
        return
      }
      if (!this.#mayDescribe(signal)) {
        this.#lose()
        return
      }
      this.#isDescribed = true
      this.#connection.setRemoteDescription(signal.sdp, signal.kind)
      if (signal.kind === 'offer') this.#connection.setLocalDescription('answer')
    } catch {
      this.#lose()
    }
  }

  /** The other side describes itself once, as a data channel: what is more is kept from the native code. */
  #mayDescribe({ kind, sdp }: Exclude<Signal, { kind: 'candidate' }>): boolean {
    return !this.#isDescribed && kind !== this.#options.role && describesChannel(sdp)
  }

  send(bytes: Uint8Array): void {
    if (this.#isClosed || !this.#channel.isOpen()) return
    try {
      this.#channel.sendMessageBinary(bytes)
    } catch {
      this.#lose()
    }
  }

  /** Sends messages as fast as the channel takes them. Resolves when they left the send buffer but for a little. */
  sendAll(messages: Iterable<Uint8Array>): Promise<void> {
    this.#sending = this.#sending.then(() => this.#sendInTurn(messages))
    return this.#sending
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearTimeout(this.#openTimer)
    this.#onDrained()
    this.#options.guard.run(() => this.#channel.close())
    this.#options.guard.run(() => this.#connection.close())
  }

  async #sendInTurn(messages: Iterable<Uint8Array>): Promise<void> {
    for (const message of messages) {
      this.send(message)
      await this.#drained(highWater)
    }
    await this.#drained(lowWater)
  }

  #drained(most: number): Promise<void> | undefined {
    if (this.#isClosed || !this.#channel.isOpen() || this.#channel.bufferedAmount() <= most) return
    return new Promise((resolve) => (this.#onDrained = resolve))
  }

  #lose(): void {
    if (this.#isClosed) return
    this.close()
    this.#options.onClosed()
  }
}

function nativeServers({ urls, username, credential }: IceServer): string[] {
  if (username === undefined) return urls
  const login = `${encodeURIComponent(username)}:${encodeURIComponent(credential ?? '')}@`
  return urls.map((url) => url.replace(/^(turns?:)(?:\/\/)?/, `$1${login}`))
}
