/** Options of an engine. Times are in ms. */
export interface EngineOptions {
  /** Version of the manifest that lists the assets. It is sent to peers, but nothing depends on it. */
  readonly manifestVersion: number
  /**
   * Number of chunks that a demand may request, counted from the next one it needs.
   * @default 32
   */
  readonly window?: number
  /**
   * Simultaneous requests per peer: enough to hide the round trip, few enough to lose little with the peer.
   * @default 4
   */
  readonly requestsPerPeer?: number
  /**
   * Number of peers used at a time. A demand is delivered in order, so each further source is one more to wait for.
   * @default 8
   */
  readonly maxSources?: number
  /**
   * If a peer owes chunks and sends less than 16 KiB within this time, its requests are cancelled.
   * @default 2000
   */
  readonly stallMs?: number
  /**
   * Simultaneous uploads to all peers. The fewer share a narrow uplink, the sooner each chunk can be passed on.
   * @default 3
   */
  readonly maxUploads?: number
  /**
   * Simultaneous uploads per peer.
   * @default 2
   */
  readonly uploadsPerPeer?: number
  /**
   * Maximum upload rate to all peers, bytes/ms, averaged over the time of a few chunks.
   * @default Infinity
   */
  readonly uploadRate?: number
  /**
   * Maximum number of connections.
   * @default 12
   */
  readonly maxPeers?: number
  /**
   * Rate at which a swarm fetches from the origin, all peers together, bytes/ms. It applies to swarms that are too
   * large for each peer to use the origin freely.
   * @default 2500
   */
  readonly originRate?: number
}

/** The options with all defaults filled in. */
export type Settings = Required<EngineOptions>

export function settingsOf(options: EngineOptions): Settings {
  return { ...defaults, ...options }
}

const defaults = {
  window: 32,
  requestsPerPeer: 4,
  maxSources: 8,
  stallMs: 2000,
  maxUploads: 3,
  uploadsPerPeer: 2,
  uploadRate: Infinity,
  maxPeers: 12,
  originRate: 2500,
}
