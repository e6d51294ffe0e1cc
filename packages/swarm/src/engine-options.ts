/** How an engine behaves. Times are ms. */
export interface EngineOptions {
  /** Version of the manifest the assets come from. Peers are told; nobody acts on it. */
  readonly manifestVersion: number
  /**
   * Chunks a demand may ask for, counted from the next one it needs.
   * @default 32
   */
  readonly window?: number
  /**
   * Chunks asked of one peer at a time: enough to hide the round trip, few enough to lose little with the peer.
   * @default 4
   */
  readonly requestsPerPeer?: number
  /**
   * Peers asked at a time: a demand is delivered in order, so every further source is one more to wait for.
   * @default 8
   */
  readonly maxSources?: number
  /**
   * A peer that owes chunks and sends less than 16 KiB of them for so long loses them.
   * @default 2000
   */
  readonly stallMs?: number
  /**
   * Chunks sent at a time, to all peers together: the fewer share a narrow uplink, the sooner each can be passed on.
   * @default 3
   */
  readonly maxUploads?: number
  /**
   * Chunks sent at a time to one peer.
   * @default 2
   */
  readonly uploadsPerPeer?: number
  /**
   * Bytes/ms sent at most, to all peers together, over a few chunks' time.
   * @default Infinity
   */
  readonly uploadRate?: number
  /**
   * Connections at most.
   * @default 12
   */
  readonly maxPeers?: number
  /**
   * What a swarm that is too large for everybody to ask the origin takes from it, all peers together, bytes/ms.
   * @default 2500
   */
  readonly originRate?: number
}

/** The options with every default filled in. */
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
