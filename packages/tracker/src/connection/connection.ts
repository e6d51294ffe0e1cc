import type { Duplex } from 'node:stream'
import {
  type AssetId,
  type ChunkProof,
  chunkStatement,
  decodeHex,
  decodeTrackerClientMessage,
  encodeHex,
  encodeTrackerMessage,
  joinStatement,
  maxTrackerMessageLength,
  type PeerId,
  receiptStatement,
  type TrackerClientMessage,
  type TrackerErrorCode,
  WireError,
} from '@peerpress/wire'
import { WebSocket } from 'ws'
import { TokenBucket } from '@peerpress/wire/token-bucket'
import type { EventCounts, TrackerEvent } from './event-counts.ts'
import type { Line, Handshake } from './handshake.ts'
import type { NetworkAccount } from '../admission/networks.ts'
import type { PolicyWatch } from '../admission/policy-watch.ts'
import { isSignedBy } from '../admission/signatures.ts'
import type { Admission, Tickets } from '../admission/tickets.ts'
import { TrackerError } from '../tracker-error.ts'

/** What every connection needs of its tracker. */
export interface ConnectionContext {
  readonly tickets: Tickets
  readonly handshake: Handshake
  /** null: lines are not held to the policies of their sites. */
  readonly policies: PolicyWatch | null
  readonly counts: EventCounts
  readonly now: () => number
  readonly countryOf: (address: string) => string | null
  readonly chunkHash: (asset: AssetId, index: number) => Promise<Uint8Array | null>
  /** Counts and reports an unexpected error. Never throws. */
  readonly fail: (error: unknown) => void
}

type Message<Type extends TrackerClientMessage['type']> = Extract<TrackerClientMessage, { type: Type }>

/**
 * Messages of one peer. Opening 12 connections at once takes an offer and about ten candidates each; later there
 * is next to nothing to say.
 */
const messageLimit = { burst: 300, perSecond: 30 }
/** Bytes that wait for a peer that does not read, before it is given up; and before its network's account counts them. */
const maxWaitingBytes = 1024 * 1024
const minAccountedWaitingBytes = 64 * 1024
/** Messages that wait for it, before it is given up: a short one costs its bytes many times over. */
const maxWaitingMessages = 4096
/** Messages that wait for it, before signals of other peers are dropped. */
const manyWaitingMessages = 1024
/** Bytes of one unfinished message, with its frames' headers and the pings between them. */
const maxHeldBytes = 2 * maxTrackerMessageLength
/** Of a WebSocket frame with a mask (RFC 6455 section 5.2): with a length of one byte, and of two more. */
const frameHeader = { short: 6, long: 8 }

/** What a refused peer is told, and the WebSocket close code (RFC 6455 section 7.4.1), if it is closed. */
const refusals: Record<TrackerErrorCode, { readonly message: string; readonly close?: number }> = {
  'bad-message': { message: 'Not a message of this protocol.', close: 1007 },
  'bad-ticket': { message: 'The ticket is not valid here and now.', close: 1008 },
  'not-joined': { message: 'The first message must be join.' },
  'already-joined': { message: 'A connection joins once.' },
  'rate-limited': { message: 'Too many messages.', close: 1008 },
  full: { message: 'The room is full.', close: 1013 },
  banned: { message: 'This peer sent wrong bytes.', close: 1008 },
  'policy-changed': { message: 'The site does not allow this any more.', close: 1008 },
}

/** Accusations of one peer that are looked into: it cannot meet so many liars. */
const maxAccusations = 60

/** How an error that the library found is counted, by its code. */
const frameErrors: Readonly<Record<string, TrackerEvent>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 'oversized',
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 'fragmented',
}

/**
 * One peer's WebSocket. In order: `new` until it sends a ticket, `checking` while that is verified (what it sends
 * meanwhile waits), `joined`, `ended`. A message out of order is refused and counted; the connection goes on.
 */
export class Connection implements Line {
  readonly #socket: WebSocket
  /** What the socket writes to. */
  readonly #stream: Duplex
  readonly #context: ConnectionContext
  readonly #allowance: TokenBucket
  readonly #network: NetworkAccount
  #phase: 'new' | 'checking' | 'joined' | 'ended' = 'new'
  /** Bounded by the allowance. */
  #waiting: TrackerClientMessage[] = []
  #address: string
  #peer: PeerId | null = null
  #accusations = 0
  #isAlive = true
  #wasCheckedBefore = false
  /** Bytes that came and of which no message was made yet; and as the network's account knows them. */
  #heldBytes = 0
  #accountedBytes = 0
  #hasHeldBefore = false
  #waitingMessages = 0
  /** Bytes that wait for the peer, as the network's account knows them. */
  #accountedWaitingBytes = 0

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
    this.#stream = stream
    this.#address = address
    this.#network = account
    this.#context = context
    this.#allowance = new TokenBucket(messageLimit, context.now())
    context.counts.add('connected')
    // `nodebuffer` is the library's default: messages come as one Buffer.
    socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary))
    socket.on('ping', (data: Buffer) => this.#guard(() => this.#receiveControl(data)))
    socket.on('pong', (data: Buffer) => this.#guard(() => (this.#isAlive = this.#receiveControl(data))))
    // After the library's own listener: what it made messages of is not held any more.
    stream.on('data', (bytes: Buffer) => this.#hold(bytes.length))
    stream.on('drain', () => this.#accountWaiting(0))
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

  /** Less than what ends the connection: then only the tracker's own messages can. */
  get isBehind(): boolean {
    const waiting = this.#socket.bufferedAmount
    return waiting > minAccountedWaitingBytes || (waiting > 0 && this.#waitingMessages > manyWaitingMessages)
  }

  send(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    const waiting = this.#socket.bufferedAmount
    this.#waitingMessages = waiting === 0 ? 0 : this.#waitingMessages + 1
    if (
      waiting > maxWaitingBytes ||
      this.#waitingMessages > maxWaitingMessages ||
      (waiting > minAccountedWaitingBytes && !this.#accountWaiting(waiting))
    ) {
      this.#context.counts.add('slow-reader')
      this.#socket.terminate()
      return
    }
    this.#gather()
    this.#socket.send(text)
  }

  /**
   * To be called now and then: ends a connection that did not answer since the last time, never joined, or has not
   * finished a message since.
   */
  checkLiveness(): void {
    this.#guard(() => {
      if (this.#phase === 'ended') return
      if (!this.#isAlive) {
        this.#context.counts.add('unresponsive')
        this.#socket.terminate()
      } else if (this.#phase === 'new' && this.#wasCheckedBefore) {
        this.#end('never-joined', 1008)
      } else if (this.#hasHeldBefore) {
        this.#end('unfinished', 1008)
      } else {
        this.#isAlive = false
        this.#wasCheckedBefore = true
        this.#hasHeldBefore = this.#heldBytes > 0
        this.#socket.ping()
      }
    })
  }

  /** Tells the peer that the tracker ends. */
  goAway(): void {
    this.#guard(() => {
      this.#phase = 'ended'
      this.#socket.close(1001, 'going away')
    })
  }

  /**
   * What a peer is told within one turn of the event loop leaves in one system call: they are two thirds of what a message
   * costs.
   */
  #gather(): void {
    if (this.#stream.writableCorked > 0) return
    this.#stream.cork()
    setImmediate(() => this.#stream.uncork())
  }

  #receive(data: Buffer, isBinary: boolean): void {
    try {
      this.#heldBytes -= data.length + (data.length < 126 ? frameHeader.short : frameHeader.long)
      this.#hasHeldBefore = false
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
    this.#context.counts.add('unknown-field', tally.unknownFields)
    return message
  }

  #receiveControl(data: Buffer): boolean {
    this.#heldBytes -= data.length + frameHeader.short
    return this.#mayGoOn()
  }

  /** Counts bytes that came; messages made of them have been counted off. */
  #hold(bytes: number): void {
    if (this.#phase === 'ended') return
    this.#heldBytes += bytes
    if (this.#heldBytes === this.#accountedBytes) return
    const isWithinLimit = this.#network.hold(this.#heldBytes - this.#accountedBytes)
    this.#accountedBytes = this.#heldBytes
    if (!isWithinLimit || this.#heldBytes > maxHeldBytes) this.#guard(() => this.#end('unfinished', 1008))
  }

  /** False when too much waits for peers of the network. */
  #accountWaiting(bytes: number): boolean {
    const more = bytes - this.#accountedWaitingBytes
    this.#accountedWaitingBytes = bytes
    return this.#network.letWait(more)
  }

  /** What a listener or a timer does ends in a closed connection when it throws, never in the caller. */
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

  /** False when the connection is over, or just ended for saying too much. */
  #mayGoOn(): boolean {
    if (this.#phase === 'ended') return false
    if (this.#allowance.take(this.#context.now())) return true
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
      this.#accuse(this.#peer, message.proof).catch((error: unknown) => this.#fail(error))
    } else if (message.type === 'claim') {
      this.#claim(this.#peer, message)
    } else {
      this.#close(1000)
    }
  }

  /** The cheap checks come first: the signature costs ten times as much as all of them. */
  async #join({ ticket, peer, signature }: Message<'join'>): Promise<void> {
    this.#phase = 'checking'
    // What comes meanwhile waits in the network, but for what came together with this message.
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
    // First, so that it leaves again whatever becomes of its joining.
    this.#peer = peer
    this.#context.handshake.join(peer, { ...admission, country }, this)
    this.#phase = 'joined'
    const waiting = this.#waiting
    this.#waiting = []
    for (const message of waiting) if (this.#isOpen()) this.#handle(message)
  }

  /** A reader whose country cannot be looked up is of none. */
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

  /** A proof is believed, whoever brings it; who brings one that proves nothing has made it up. */
  async #accuse(accuser: PeerId, proof: ChunkProof): Promise<void> {
    const { handshake, counts } = this.#context
    const { peer, asset, index, hash, signature } = proof
    if (++this.#accusations > maxAccusations || handshake.isBanned(peer)) {
      counts.add('accusation-ignored')
      return
    }
    if (!this.#mayCheckSignature()) return
    if (!isSignedBy(peer, chunkStatement(asset, index, decodeHex(hash)), signature)) {
      this.#end('false-accusation', 1008)
      return
    }
    const truth = await this.#chunkHash(asset, index)
    if (truth === null) counts.add('accusation-ignored')
    else if (encodeHex(truth) !== hash) handshake.ban(peer, accuser)
    else if (this.#isOpen()) this.#end('false-accusation', 1008)
  }

  /** null also when it cannot be looked up now: then nobody is banned, and the accuser is not blamed. */
  async #chunkHash(asset: AssetId, index: number): Promise<Uint8Array | null> {
    try {
      return await this.#context.chunkHash(asset, index)
    } catch (error) {
      this.#context.fail(error)
      return null
    }
  }

  /** A claim holds the sum of those before, so that one which cannot be checked now is no loss. */
  #claim(giver: PeerId, { peer: taker, bytes, signature }: Message<'claim'>): void {
    const { handshake, counts } = this.#context
    const refusal = handshake.claimRefusal(giver, taker, bytes)
    if (refusal !== null) counts.add(refusal)
    else if (!this.#mayCheckSignature()) return
    else if (isSignedBy(taker, receiptStatement(giver, bytes), signature))
      handshake.claim(giver, taker, bytes)
    else counts.add('claim-refused')
  }

  #mayCheckSignature(): boolean {
    if (this.#network.mayCheckSignature(this.#context.now())) return true
    this.#context.counts.add('signature-unchecked')
    return false
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

  end(reason: 'displaced' | 'banned' | 'policy-changed'): void {
    if (reason === 'displaced') this.#end(reason, 1008)
    else this.#refuse(reason, reason)
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
    this.#network.hold(-this.#accountedBytes)
    this.#accountedBytes = 0
    this.#accountWaiting(0)
    if (this.#peer === null) return
    this.#context.handshake.leave(this.#peer)
    this.#peer = null
  }
}
