import type { OriginAnswer } from '@peerpress/swarm'

/** Time and chance. */
export interface Clock {
  /** ms on a clock that never goes back. */
  readonly now: () => number
  /** A number from 0 up to 1. */
  readonly random: () => number
  /** Calls `callback` once after `ms`. The returned function cancels the call. */
  readonly setTimer: (callback: () => void, ms: number) => () => void
}

/** A key that {@link Subtle} made or imported. */
export interface SubtleKey {
  readonly type: string
}

/** A key pair that {@link Subtle} made. */
export interface SubtleKeyPair {
  readonly publicKey: SubtleKey
  readonly privateKey: SubtleKey
}

/** The part of the Web Cryptography API that a peer uses; `crypto.subtle` implements it. */
export interface Subtle {
  digest(algorithm: 'SHA-256', bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
  generateKey(
    algorithm: 'Ed25519',
    extractable: boolean,
    usages: ('sign' | 'verify')[],
  ): Promise<SubtleKeyPair | SubtleKey>
  exportKey(format: 'raw', key: SubtleKey): Promise<ArrayBuffer>
  importKey(
    format: 'raw',
    bytes: Uint8Array<ArrayBuffer>,
    algorithm: 'Ed25519',
    extractable: boolean,
    usages: ['verify'],
  ): Promise<SubtleKey>
  sign(algorithm: 'Ed25519', key: SubtleKey, bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
  verify(
    algorithm: 'Ed25519',
    key: SubtleKey,
    signature: Uint8Array<ArrayBuffer>,
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>
}

/** An HTTP response; a `Response` is one. */
export interface HttpResponse extends OriginAnswer {
  text(): Promise<string>
  readonly body: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>
      cancel(): Promise<void>
    }
  } | null
}

/**
 * Requests a part of a URL. `range` is the value of the `Range` header. The response must come from the server, not from
 * a cache, and its body must not be compressed. The signal ends the request and its body.
 */
export type FetchRange = (url: string, range: string, signal: AbortSignal) => Promise<HttpResponse>

/** A WebSocket; those of browsers and of the `ws` package are. */
export interface Socket {
  readonly readyState: number
  send(text: string): void
  close(): void
  addEventListener(type: 'open', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void
}

/** Opens a WebSocket. Throws when this URL can never be opened from here. */
export type OpenSocket = (url: string) => Socket

/** What a peer needs of the runtime, but for storage and connections to other peers. */
export interface Platform extends Clock {
  readonly subtle: Subtle
  readonly fetchRange: FetchRange
  readonly openSocket: OpenSocket
}
