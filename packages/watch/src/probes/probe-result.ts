import type { ProbeFailure } from './probe-failure.ts'

/** The phases of one request, ms. null: the phase did not happen, or is not known. */
export interface RequestPhases {
  /** From the request to the start of the phases below: the browser's queue. */
  readonly queue: number | null
  readonly dns: number | null
  readonly connect: number | null
  readonly tls: number | null
  /** From the sent request to the first byte of the response. */
  readonly firstByte: number | null
  /** From the first byte to the last. */
  readonly download: number | null
}

/** One request of a probe, for the waterfall. */
export interface ProbedRequest {
  readonly url: string
  /** From the start of the probe, ms. */
  readonly startedAt: number
  readonly phases: RequestPhases
  /** null: there was no response. */
  readonly status: number | null
  /** Bytes of the body that arrived. */
  readonly bytes: number
  /** Source of the response. */
  readonly from: 'network' | 'worker' | 'cache'
  /** Why there was no complete response; null if there was one. */
  readonly error: string | null
}

/** The encrypted connection to the page's host. */
export interface ProbedTls {
  /** Such as `TLSv1.3`. */
  readonly protocol: string | null
  /** When the certificate expires; null if it is not known. */
  readonly expiresAt: Date | null
}

/** What PeerPress's worker did in a browser probe. `absent`: the page has none, or this browser may not use it. */
export type ProbedWorker = 'absent' | 'loaded' | 'failed'

/** How a probe of one page went. */
export interface ProbeResult {
  readonly kind: 'http' | 'browser'
  /** The probed URL. */
  readonly url: string
  /** When the probe began. */
  readonly at: Date
  readonly failure: ProbeFailure | null
  /** Status of the page at the end of the redirects; null if there was no response. */
  readonly status: number | null
  /** The whole probe, ms. A browser probe ends at the page's `load` event, without the time that the browser needs to start. */
  readonly durationMs: number
  /** Phases of the page itself, at the end of its redirects. */
  readonly phases: RequestPhases
  /** null: the connection is not encrypted, or was not established. */
  readonly tls: ProbedTls | null
  /** null: the probe used no browser. */
  readonly worker: ProbedWorker | null
  /** In the order of their starts, a limited number of them. */
  readonly requests: readonly ProbedRequest[]
}

/** Phases of a request of which nothing is known. */
export const noPhases: RequestPhases = {
  queue: null,
  dns: null,
  connect: null,
  tls: null,
  firstByte: null,
  download: null,
}
