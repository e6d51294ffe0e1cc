import { describesChannel, type IceServer, type Signal } from '@peerpress/wire'

const label = 'peerpress/1'
/** ms in which a connection must open. */
const openTimeout = 10_000
/** Frames wait while more than this is in the channel's send buffer, bytes; Chromium throws at 16 MiB. */
const highWater = 1024 * 1024
const lowWater = 256 * 1024

/** How to connect, as the tracker says. */
export interface IceSettings {
  readonly iceServers: readonly IceServer[]
  /** Through TURN servers alone. */
  readonly relayOnly?: true
}

/** What a connection is given and whom it tells. */
export interface PeerConnectionOptions {
  readonly ice: IceSettings
  /** The side with role `offer` begins. */
  readonly role: 'offer' | 'answer'
  readonly onSignal: (signal: Signal) => void
  readonly onOpen: () => void
  readonly onMessage: (bytes: Uint8Array<ArrayBuffer>) => void
  /** Told once, also when the connection never opened; not after `close()`. */
  readonly onClosed: () => void
}

/** One ordered, reliable data channel to one peer. */
export class PeerConnection {
  readonly #connection: RTCPeerConnection
  readonly #channel: RTCDataChannel
  readonly #options: PeerConnectionOptions
  readonly #openTimer: ReturnType<typeof setTimeout>
  #signals: Promise<void> = Promise.resolve()
  #sending: Promise<void> = Promise.resolve()
  #closed = false

  constructor(options: PeerConnectionOptions) {
    this.#options = options
    const { iceServers, relayOnly } = options.ice
    this.#connection = new RTCPeerConnection({
      iceServers: iceServers as RTCIceServer[],
      iceTransportPolicy: relayOnly ? 'relay' : 'all',
    })
    // Negotiated: both sides know the channel, so no message is needed to announce it.
    this.#channel = this.#connection.createDataChannel(label, { negotiated: true, id: 0, ordered: true })
    this.#channel.binaryType = 'arraybuffer'
    this.#channel.bufferedAmountLowThreshold = lowWater
    this.#openTimer = setTimeout(() => this.#lose(), openTimeout)
    this.#listen()
    if (options.role === 'offer') this.#afterSignals(() => this.#offer())
  }

  /** Takes a signal of the other side, in the order they came. */
  accept(signal: Signal): void {
    this.#afterSignals(() => this.#apply(signal))
  }

  /** Sends one message; lost when the channel is not open, as the caller is about to hear. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#channel.readyState !== 'open') return
    try {
      this.#channel.send(bytes)
    } catch {
      this.#lose()
    }
  }

  /** Sends messages as fast as the channel takes them. Resolves when they left the send buffer but for a little. */
  sendAll(messages: Iterable<Uint8Array<ArrayBuffer>>): Promise<void> {
    this.#sending = this.#sending.then(() => this.#sendInTurn(messages))
    return this.#sending
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#openTimer)
    this.#channel.close()
    this.#connection.close()
  }

  #listen(): void {
    const { onSignal, onOpen, onMessage } = this.#options
    this.#connection.addEventListener('icecandidate', ({ candidate }) => {
      if (!candidate) return
      const { sdpMid, sdpMLineIndex } = candidate
      onSignal({ kind: 'candidate', candidate: candidate.candidate, sdpMid, sdpMLineIndex })
    })
    this.#connection.addEventListener('connectionstatechange', () => {
      if (this.#connection.connectionState === 'failed') this.#lose()
    })
    this.#channel.addEventListener('open', () => {
      clearTimeout(this.#openTimer)
      if (!this.#closed) onOpen()
    })
    this.#channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#closed) return
      // The protocol has no text messages: an empty one is refused by whoever decodes it.
      onMessage(data instanceof ArrayBuffer ? new Uint8Array(data) : new Uint8Array())
    })
    this.#channel.addEventListener('close', () => this.#lose())
  }

  async #sendInTurn(messages: Iterable<Uint8Array<ArrayBuffer>>): Promise<void> {
    for (const message of messages) {
      if (this.#closed) return
      this.send(message)
      if (this.#channel.bufferedAmount > highWater) await this.#drained()
    }
    if (this.#channel.bufferedAmount > lowWater) await this.#drained()
  }

  #afterSignals(step: () => Promise<void>): void {
    this.#signals = this.#signals.then(() => (this.#closed ? undefined : step())).catch(() => this.#lose())
  }

  async #offer(): Promise<void> {
    await this.#connection.setLocalDescription()
    this.#options.onSignal({ kind: 'offer', sdp: this.#connection.localDescription?.sdp ?? '' })
  }

  async #apply(signal: Signal): Promise<void> {
    if (signal.kind === 'candidate') {
      const { candidate, sdpMid, sdpMLineIndex } = signal
      await this.#connection.addIceCandidate({ candidate, sdpMid, sdpMLineIndex })
      return
    }
    if (!describesChannel(signal.sdp)) throw new Error('not a data channel')
    await this.#connection.setRemoteDescription({ type: signal.kind, sdp: signal.sdp })
    if (signal.kind !== 'offer') return
    await this.#connection.setLocalDescription()
    this.#options.onSignal({ kind: 'answer', sdp: this.#connection.localDescription?.sdp ?? '' })
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#channel.removeEventListener('bufferedamountlow', done)
        this.#channel.removeEventListener('close', done)
        resolve()
      }
      this.#channel.addEventListener('bufferedamountlow', done)
      this.#channel.addEventListener('close', done)
    })
  }

  #lose(): void {
    if (this.#closed) return
    this.close()
    this.#options.onClosed()
  }
}
