import type { Duplex } from 'node:stream'
import {
  decodeTrackerClientMessage,
  encodeTrackerMessage,
  joinStatement,
  type PeerId,
  type TrackerClientMessage,
  type TrackerErrorCode,
  WireError,
} from '@peerpress/wire'
import { TokenBucket } from '@peerpress/wire/token-bucket'
import { WebSocket } from 'ws'
import type { NetworkAccount } from '../admission/networks.ts'
import type { PolicyWatch } from '../admission/policy-watch.ts'
import { isSignedBy } from '../admission/signatures.ts'
import type { Admission, Tickets } from '../admission/tickets.ts'
import { TrackerError } from '../tracker-error.ts'
import type { TrackerEvent } from './event-counts.ts'
import { Evidence, type EvidenceContext } from './evidence.ts'
import type { Line } from './handshake.ts'
import { HeldBytes } from './held-bytes.ts'
import { refusals } from './refusals.ts'
import { SendQueue } from './send-queue.ts'

/** What all connections of a tracker share. `fail` counts and reports an unexpected error, and never throws. */
export interface ConnectionContext extends EvidenceContext {
  readonly tickets: Tickets
  /** null: connections are not bound to the policies of their sites. */
  readonly policies: PolicyWatch | null
  readonly countryOf: (address: string) => string | null
}

type JoinMessage = Extract<TrackerClientMessage, { type: 'join' }>

/**
 * Messages of one peer. Opening 12 connections at once takes an offer and about ten candidates each. Later a peer sends
 * little.
 */
const messageLimit = { burst: 300, perSecond: 30 }

/** Events by the error codes of the WebSocket library. */
const frameErrors: Readonly<Record<string, TrackerEvent>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'oversized',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'fragmented',
}

/**
 * One peer's WebSocket. Its phases in order: `new` until the peer sends a ticket, `checking` while the ticket is
 * verified (further messages wait), `joined`, `ended`. A message that does not fit the phase is refused and counted,
 * and the connection stays open.
 */
export class Connection implements Line {
  readonly #socket: WebSocket
  readonly #context: ConnectionContext
  readonly #messages: TokenBucket
  readonly #sending: SendQueue
  readonly #held: HeldBytes
  readonly #evidence: Evidence
  #phase: 'new' | 'checking' | 'joined' | 'ended' = 'new'
  /** Messages that arrived while the ticket was checked. `#messages` limits them. */
  #waiting: TrackerClientMessage[] = []
  #address: string
  #peer: PeerId | null = null
  #isAlive = true
  #wasCheckedBefore = false

  constructor(
    socket: WebSocket,
    {
      stream,
      address,
      account,
    }: { readonly stream: Duplex; readonly address: string; readonly account: NetworkAccount },
    context: ConnectionContext,
  ) {
    this.#socket = socket
    this.#address = address
    this.#context = context
    this.#messages = new TokenBucket(messageLimit, context.now())
    this.#sending = new SendQueue(socket, stream, account)
    this.#held = new HeldBytes(account)
    this.#evidence = new Evidence(context, account)
    context.counts.add('connected')
    // `nodebuffer` is the library's default: messages come as one Buffer.
    socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary))
    socket.on('ping', (data: Buffer) => this.#guard(() => this.#receiveControl(data)))
    socket.on('pong', (data: Buffer) => this.#guard(() => (this.#isAlive = this.#receiveControl(data))))
    // The library's own listener runs first, so complete messages are counted off already.
    stream.on('data', (bytes: Buffer) => this.#hold(bytes.length))
    // The library closes the connection by itself, with 1009 for an oversized message.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#guard(() => {
        context.counts.add(frameErrors[error.code ?? ''] ?? 'bad-frame')
        this.#leave()
      }),
    )
    socket.once('close', () =>
      this.#guard(() => {
        context.counts.add('disconnected')
        this.#leave()
      }),
    )
  }

  get isBehind(): boolean {
    return this.#sending.isBehind
  }

  send(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN || this.#sending.send(text)) return
    this.#context.counts.add('slow-reader')
    this.#socket.terminate()
  }

  end(reason: 'displaced' | 'banned' | 'policy-changed'): void {
    if (reason === 'displaced') this.#end(reason, 1008)
    else this.#refuse(reason, reason)
  }

  /**
   * Ends the connection if since the last call the peer has not answered, has not joined or has not finished a message.
   * To be called at regular intervals.
   */
  checkLiveness(): void {
    this.#guard(() => {
      if (this.#phase === 'ended') return
      if (!this.#isAlive) {
        this.#context.counts.add('unresponsive')
        this.#socket.terminate()
      } else if (this.#phase === 'new' && this.#wasCheckedBefore) {
        this.#end('never-joined', 1008)
      } else if (this.#held.checkUnfinished()) {
        this.#end('unfinished', 1008)
      } else {
        this.#isAlive = false
        this.#wasCheckedBefore = true
        this.#socket.ping()
      }
    })
  }

  /** Closes the connection because the tracker stops. */
  goAway(): void {
    this.#guard(() => {
      this.#phase = 'ended'
      this.#socket.close(1001, 'going away')
    })
  }

  #receive(data: Buffer, isBinary: boolean): void {
    try {
      this.#held.completed(data.length)
      if (!this.#mayGoOn()) return
      if (isBinary) this.#end('binary', 1003)
      else this.#handle(this.#decode(data.toString()))
    } catch (error) {
      if (error instanceof WireError) this.#guard(() => this.#refuse('bad-message', 'bad-message'))
      else this.#fail(error)
    }
  }

  #decode(text: string): TrackerClientMessage {
    const tally = { unknownFields: 0 }
    const message = decodeTrackerClientMessage(text, tally)
    if (tally.unknownFields > 0) this.#context.counts.add('unknown-field', tally.unknownFields)
    return message
  }

  #receiveControl(data: Buffer): boolean {
    this.#held.completedControl(data.length)
    return this.#mayGoOn()
  }

  #hold(bytes: number): void {
    if (!this.#isOpen() || this.#held.arrived(bytes)) return
    this.#guard(() => this.#end('unfinished', 1008))
  }

  /** Runs a listener or a timer. If it throws, the connection is closed, and nothing is thrown to the caller. */
  #guard(action: () => void): void {
    try {
      action()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    this.#context.fail(error)
    try {
      this.#close(1011)
    } catch {
      this.#socket.terminate()
    }
  }

  /** Counts a message. False if the connection has ended, or ends because of too many messages. */
  #mayGoOn(): boolean {
    if (this.#phase === 'ended') return false
    if (this.#messages.take(this.#context.now())) return true
    this.#refuse('rate-limited', 'rate-limited')
    return false
  }

  #handle(message: TrackerClientMessage): void {
    if (this.#phase === 'checking') {
      this.#waiting.push(message)
    } else if (message.type === 'join') {
      if (this.#phase === 'new') this.#join(message).catch((error: unknown) => this.#fail(error))
      else this.#refuse('already-joined', 'already-joined')
    } else if (this.#peer === null) {
      this.#refuse('not-joined', 'not-joined')
    } else if (message.type === 'want') {
      this.#context.handshake.want(this.#peer, message.peers)
    } else if (message.type === 'signal') {
      this.#context.handshake.signal(this.#peer, message.to, message.signal)
    } else if (message.type === 'accuse') {
      const onForged = () => this.#isOpen() && this.#end('false-accusation', 1008)
      this.#evidence.accuse(this.#peer, message.proof, onForged).catch((error: unknown) => this.#fail(error))
    } else if (message.type === 'claim') {
      this.#evidence.claim(this.#peer, message)
    } else {
      this.#close(1000)
    }
  }

  /** The signature is checked last, because it costs ten times as much as the other checks together. */
  async #join({ ticket, peer, signature }: JoinMessage): Promise<void> {
    this.#phase = 'checking'
    // Further messages wait in the network, except those that arrived together with this one.
    this.#socket.pause()
    const country = this.#country()
    const admission = await this.#admission(ticket).finally(() => this.#socket.resume())
    if (admission === null || this.#phase !== 'checking') return
    const refusal = this.#context.handshake.refusalOf(peer, admission)
    if (refusal !== null) {
      this.#refuse(refusal, refusal)
      return
    }
    if (!isSignedBy(peer, joinStatement(ticket), signature)) {
      this.#refuse('bad-ticket', 'key-not-held')
      return
    }
    // Set before joining, so that the peer leaves again even if joining fails.
    this.#peer = peer
    this.#context.handshake.join(peer, { ...admission, country }, this)
    this.#phase = 'joined'
    const waiting = this.#waiting
    this.#waiting = []
    for (const message of waiting) if (this.#isOpen()) this.#handle(message)
  }

  /** A reader whose country cannot be looked up has none. */
  #country(): string | undefined {
    try {
      return this.#context.countryOf(this.#address) ?? undefined
    } catch (error) {
      this.#context.fail(error)
      return undefined
    }
  }

  async #admission(ticket: string): Promise<Admission | null> {
    const { tickets, policies } = this.#context
    try {
      const admission = await tickets.check(ticket, this.#address)
      if (policies === null || (await policies.admits(admission))) return admission
      if (this.#isOpen()) this.#refuse('policy-changed', 'policy-changed')
      return null
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error
      if (this.#isOpen()) this.#refuse('bad-ticket', error.code)
      return null
    } finally {
      this.#address = ''
    }
  }

  #isOpen(): boolean {
    return this.#phase !== 'ended'
  }

  #refuse(code: TrackerErrorCode, reason: TrackerEvent): void {
    const { message, close } = refusals[code]
    this.send(encodeTrackerMessage({ type: 'error', code, message }))
    if (close === undefined) this.#context.counts.add(reason)
    else this.#end(reason, close)
  }

  #end(reason: TrackerEvent, closeCode: number): void {
    this.#context.counts.add(reason)
    this.#close(closeCode, reason)
  }

  #close(code: number, reason?: string): void {
    this.#leave()
    this.#socket.close(code, reason)
  }

  #leave(): void {
    this.#phase = 'ended'
    this.#waiting = []
    this.#held.release()
    this.#sending.release()
    if (this.#peer === null) return
    this.#context.handshake.leave(this.#peer)
    this.#peer = null
  }
}
