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
  type PeerId,
  receiptStatement,
  type TrackerClientMessage,
  type TrackerErrorCode,
  WireError,
} from '@peerpress/wire'
import { WebSocket } from 'ws'
import { Allowance } from './allowance.ts'
import type { EventCounts, TrackerEvent } from './event-counts.ts'
import type { Line, Lobby } from './lobby.ts'
import { isSignedBy } from './signatures.ts'
import type { Admission, Tickets } from './tickets.ts'
import { TrackerError } from './tracker-error.ts'

/** What every connection needs of its tracker. */
export interface ConnectionContext {
  readonly tickets: Tickets
  readonly lobby: Lobby
  readonly counts: EventCounts
  readonly now: () => number
  readonly countryOf: (address: string) => string | null
  readonly chunkHash: (asset: AssetId, index: number) => Promise<Uint8Array | null>
}

type Message<Type extends TrackerClientMessage['type']> = Extract<TrackerClientMessage, { type: Type }>

/**
 * Messages of one peer. Opening 12 connections at once takes an offer and about ten candidates each; later there
 * is next to nothing to say.
 */
const messageLimit = { burst: 300, perSecond: 30 }
/** Bytes that wait for a peer that does not read, before it is given up. */
const maxWaitingBytes = 1024 * 1024

/** What a refused peer is told, and the WebSocket close code (RFC 6455 section 7.4.1), if it is closed. */
const refusals: Record<TrackerErrorCode, { readonly message: string; readonly close?: number }> = {
  'bad-message': { message: 'Not a message of this protocol.', close: 1007 },
  'bad-ticket': { message: 'The ticket is not valid here and now.', close: 1008 },
  'not-joined': { message: 'The first message must be join.' },
  'already-joined': { message: 'A connection joins once.' },
  'rate-limited': { message: 'Too many messages.', close: 1008 },
  full: { message: 'The room is full.', close: 1013 },
  banned: { message: 'This peer, or others of its network, sent wrong bytes.', close: 1008 },
}

/** Accusations of one peer that are looked into: it cannot meet so many liars. */
const maxAccusations = 60

/**
 * One peer's WebSocket. In order: `new` until it sends a ticket, `checking` while that is verified (what it sends
 * meanwhile waits), `joined`, `ended`. A message out of order is refused and counted; the connection goes on.
 */
export class Connection implements Line {
  readonly #socket: WebSocket
  /** What the socket writes to. */
  readonly #stream: Duplex
  readonly #context: ConnectionContext
  readonly #allowance: Allowance
  #phase: 'new' | 'checking' | 'joined' | 'ended' = 'new'
  /** Bounded by the allowance. */
  #waiting: TrackerClientMessage[] = []
  #address: string
  #peer: PeerId | null = null
  #accusations = 0
  #isAlive = true
  #wasCheckedBefore = false

  constructor(
    socket: WebSocket,
    { stream, address }: { readonly stream: Duplex; readonly address: string },
    context: ConnectionContext,
  ) {
    this.#socket = socket
    this.#stream = stream
    this.#address = address
    this.#context = context
    this.#allowance = new Allowance(messageLimit, context.now())
    context.counts.add('connected')
    // `nodebuffer` is the library's default: messages come as one Buffer.
    socket.on('message', (data: Buffer, isBinary) => this.#receive(data, isBinary))
    socket.on('ping', () => this.#mayGoOn())
    socket.on('pong', () => (this.#isAlive = this.#mayGoOn()))
    // The library closes the connection by itself, with 1009 for an oversized message.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#leave()
      context.counts.add(error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'oversized' : 'bad-frame')
    })
    socket.once('close', () => {
      this.#leave()
      context.counts.add('disconnected')
    })
  }

  send(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    if (this.#socket.bufferedAmount > maxWaitingBytes) {
      this.#context.counts.add('slow-reader')
      this.#socket.terminate()
      return
    }
    this.#gather()
    this.#socket.send(text)
  }

  /** To be called now and then: ends a connection that did not answer since the last time, or never joined. */
  checkLiveness(): void {
    if (this.#phase === 'ended') return
    if (!this.#isAlive) {
      this.#context.counts.add('unresponsive')
      this.#socket.terminate()
    } else if (this.#phase === 'new' && this.#wasCheckedBefore) {
      this.#end('never-joined', 1008)
    } else {
      this.#isAlive = false
      this.#wasCheckedBefore = true
      this.#socket.ping()
    }
  }

  /** Tells the peer that the tracker ends. */
  goAway(): void {
    this.#phase = 'ended'
    this.#socket.close(1001, 'going away')
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
    if (!this.#mayGoOn()) return
    if (isBinary) {
      this.#end('binary', 1003)
      return
    }
    try {
      this.#handle(decodeTrackerClientMessage(data.toString()))
    } catch (error) {
      if (!(error instanceof WireError)) throw error
      this.#refuse('bad-message', 'bad-message')
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
      if (this.#phase === 'new') void this.#join(message)
      else this.#refuse('already-joined', 'already-joined')
    } else if (this.#peer === null) {
      this.#refuse('not-joined', 'not-joined')
    } else if (message.type === 'want') {
      this.#context.lobby.want(this.#peer, message.peers)
    } else if (message.type === 'signal') {
      this.#context.lobby.signal(this.#peer, message.to, message.signal)
    } else if (message.type === 'accuse') {
      void this.#accuse(message.proof)
    } else if (message.type === 'claim') {
      this.#claim(this.#peer, message)
    } else {
      this.#close(1000)
    }
  }

  async #join({ ticket, peer, signature }: Message<'join'>): Promise<void> {
    this.#phase = 'checking'
    const country = this.#context.countryOf(this.#address) ?? undefined
    const admission = await this.#admission(ticket)
    if (admission === null || this.#phase !== 'checking') return
    if (!isSignedBy(peer, joinStatement(ticket), signature)) {
      this.#refuse('bad-ticket', 'key-not-held')
      return
    }
    const refusal = this.#context.lobby.join(peer, { ...admission, country }, this)
    if (refusal !== null) {
      this.#refuse(refusal, refusal)
      return
    }
    this.#peer = peer
    this.#phase = 'joined'
    const waiting = this.#waiting
    this.#waiting = []
    for (const message of waiting) if (this.#isOpen()) this.#handle(message)
  }

  async #admission(ticket: string): Promise<Admission | null> {
    try {
      return await this.#context.tickets.check(ticket, this.#address)
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error
      if (this.#isOpen()) this.#refuse('bad-ticket', error.code)
      return null
    } finally {
      this.#address = ''
    }
  }

  /** A proof is believed, whoever brings it; who brings one that proves nothing has made it up. */
  async #accuse(proof: ChunkProof): Promise<void> {
    const { lobby, counts, chunkHash } = this.#context
    if (++this.#accusations > maxAccusations) {
      counts.add('accusation-ignored')
      return
    }
    const { peer, asset, index, hash, signature } = proof
    const isHis = isSignedBy(peer, chunkStatement(asset, index, decodeHex(hash)), signature)
    const truth = isHis ? await chunkHash(asset, index) : null
    if (isHis && truth === null) counts.add('accusation-ignored')
    else if (truth !== null && encodeHex(truth) !== hash) lobby.ban(peer)
    else if (this.#isOpen()) this.#end('false-accusation', 1008)
  }

  #claim(giver: PeerId, { peer: taker, bytes, signature }: Message<'claim'>): void {
    if (isSignedBy(taker, receiptStatement(giver, bytes), signature)) {
      this.#context.lobby.claim(giver, taker, bytes)
    } else {
      this.#context.counts.add('claim-refused')
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

  end(reason: 'displaced' | 'banned'): void {
    if (reason === 'banned') this.#refuse(reason, reason)
    else this.#end(reason, 1008)
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
    if (this.#peer === null) return
    this.#context.lobby.leave(this.#peer)
    this.#peer = null
  }
}
