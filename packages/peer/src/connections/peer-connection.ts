import { describesChannel, type Signal } from '@peerpress/wire'
import type { Clock } from '../platform.ts'
import {
  type Channel,
  type ChannelEvents,
  highWater,
  type IceSettings,
  lowWater,
  type OpenChannel,
} from './channel.ts'

/** ms in which a connection must open. */
const openTimeout = 10_000

/** What a {@link PeerConnection} needs, and where it reports. */
export interface PeerConnectionOptions extends Pick<ChannelEvents, 'onSignal' | 'onOpen' | 'onMessage'> {
  readonly openChannel: OpenChannel
  readonly setTimer: Clock['setTimer']
  readonly ice: IceSettings
  /** The side with role `offer` begins. */
  readonly role: 'offer' | 'answer'
  /** Called once, also when the connection never opened; not after `close()`. */
  readonly onClosed: () => void
}

/** The connection to one peer: takes signals in order, and sends messages at the channel's pace. */
export class PeerConnection {
  readonly #options: PeerConnectionOptions
  readonly #channel: Channel
  readonly #cancelTimeout: () => void
  #signals = Promise.resolve()
  #sending = Promise.resolve()
  #isDescribed = false
  #isClosed = false
  #wake = (): void => {}

  /** Throws when the runtime refuses another connection. */
  constructor(options: PeerConnectionOptions) {
    this.#options = options
    const { openChannel, setTimer, ice, role } = options
    const lose = (): void => this.#lose()
    this.#channel = openChannel(ice, {
      onSignal: this.#untilClosed(options.onSignal),
      onOpen: this.#untilClosed(() => {
        this.#cancelTimeout()
        options.onOpen()
      }),
      onMessage: this.#untilClosed(options.onMessage),
      onDrained: () => this.#wake(),
      onClosed: lose,
    })
    this.#cancelTimeout = setTimer(lose, openTimeout)
    if (role === 'offer') this.#afterSignals(() => this.#channel.offer())
  }

  /** Takes a signal of the other side, in the order they came. */
  accept(signal: Signal): void {
    this.#afterSignals(() => this.#apply(signal))
  }

  /** Sends one message. If it cannot be sent, the connection is closed. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#isClosed) return
    try {
      this.#channel.send(bytes)
    } catch {
      this.#lose()
    }
  }

  /** Sends messages as fast as the channel takes them. Resolves when most of them left the send buffer. */
  sendAll(messages: Iterable<Uint8Array<ArrayBuffer>>): Promise<void> {
    const sent = this.#sending.then(() => this.#sendInTurn(messages))
    // One list that cannot be encoded must not hold up the next.
    this.#sending = sent.catch(() => {})
    return sent
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#cancelTimeout()
    this.#wake()
    try {
      this.#channel.close()
    } catch {
      // It is closed already.
    }
  }

  async #sendInTurn(messages: Iterable<Uint8Array<ArrayBuffer>>): Promise<void> {
    for (const message of messages) {
      if (this.#isClosed) return
      this.send(message)
      if (this.#buffers(highWater)) await this.#drained()
    }
    if (this.#buffers(lowWater)) await this.#drained()
  }

  #buffers(bytes: number): boolean {
    return !this.#isClosed && this.#channel.bufferedAmount > bytes
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve))
  }

  #afterSignals(step: () => Promise<void>): void {
    this.#signals = this.#signals.then(() => (this.#isClosed ? undefined : step())).catch(() => this.#lose())
  }

  /** Each side describes itself once, as one data channel. Anything else would let a peer renegotiate. */
  #apply(signal: Signal): Promise<void> {
    if (signal.kind !== 'candidate') {
      if (this.#isDescribed || signal.kind === this.#options.role || !describesChannel(signal.sdp))
        throw new Error('not the description of a data channel')
      this.#isDescribed = true
    }
    return this.#channel.accept(signal)
  }

  /** Returns a callback that does nothing after `close()`. */
  #untilClosed<Args extends readonly unknown[]>(work: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      if (!this.#isClosed) work(...args)
    }
  }

  #lose(): void {
    if (this.#isClosed) return
    this.close()
    this.#options.onClosed()
  }
}
