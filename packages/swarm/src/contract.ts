import type { Asset, AssetId, ChunkProof, PeerId, PeerMessage } from '@peerpress/wire'

/** Id of one demand of the page, chosen by the shell and unique within its engine. */
export type DemandId = number

/**
 * The source of a chunk. `origin`: the site's own server. `mirror`: the server's copy by hash, used when the origin
 * failed. `local`: bytes that were already in this browser's HTTP cache or on this disk.
 */
export type ChunkSource =
  | { readonly kind: 'peer'; readonly peer: PeerId }
  | { readonly kind: 'origin' }
  | { readonly kind: 'mirror' }
  | { readonly kind: 'local' }

/**
 * An input from the shell to the engine. The engine has one rule: `handle(input, now)` changes state, then `poll()` is
 * drained until it returns undefined, then the next input follows. `now` is in ms on any clock that never goes back.
 */
export type EngineInput =
  /** An asset of a verified manifest. A repeated input changes nothing. */
  | { readonly type: 'asset'; readonly asset: Asset }
  /**
   * A whole chunk that the shell has without a request of the engine. It is verified like any other before it is
   * offered.
   */
  | {
      readonly type: 'chunk'
      readonly asset: AssetId
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly source: 'origin' | 'local'
    }
  /**
   * The page needs chunks `first`..`last`. From its deadline on, a chunk should come from the origin instead of a peer.
   * `deadline` (ms, same clock) is the deadline of the first chunk. Each further chunk has its deadline `pace` ms
   * later; the default is 0, one deadline for all.
   *
   * `order` is the order of requests and deliveries. `sequential`, the default, is for readers that consume the asset
   * while it loads, such as players. `any` requests the rarest chunks first and delivers each on arrival, for readers
   * that need the whole asset. With `any`, the n-th chunk to arrive has the n-th deadline. A late `any` demand
   * continues with its peers, and the origin additionally sends one chunk after another.
   */
  | {
      readonly type: 'demand'
      readonly demand: DemandId
      readonly asset: AssetId
      readonly first: number
      readonly last: number
      readonly deadline: number
      readonly pace?: number
      readonly order?: 'sequential' | 'any'
    }
  /** The page no longer needs the demand, or has received all of it. */
  | { readonly type: 'demand-ended'; readonly demand: DemandId }
  /**
   * The tracker admitted us, or reports a new size: about `peers` peers are in the swarm, including this one. Together
   * they share one request budget at the origin.
   */
  | { readonly type: 'swarm-size'; readonly peers: number }
  /**
   * At most `bytes` more bytes may be sent to peers from now on. Before the first of these inputs, uploads are
   * unlimited. `slots` and `rate` replace the options `maxUploads` and `uploadRate`. With 0 slots nothing is sent.
   */
  | {
      readonly type: 'upload-allowance'
      readonly bytes: number
      readonly slots?: number
      readonly rate?: number
    }
  /** A data channel to this peer is open. */
  | { readonly type: 'peer-joined'; readonly peer: PeerId }
  | { readonly type: 'peer-left'; readonly peer: PeerId }
  | { readonly type: 'peer-message'; readonly peer: PeerId; readonly message: PeerMessage }
  /** This peer sent bytes that are not a message: `decodePeerMessage` refused them. */
  | { readonly type: 'peer-garbage'; readonly peer: PeerId }
  /** All frames of a `send-chunk` left the shell's send buffer, or the shell gave up sending them. */
  | { readonly type: 'chunk-sent'; readonly peer: PeerId; readonly asset: AssetId; readonly index: number }
  /**
   * A stored chunk was removed to make room, or is unreadable. It is no longer offered. `unsent`: the recipient of a
   * `send-chunk` that therefore cannot be carried out.
   */
  | {
      readonly type: 'chunk-lost'
      readonly asset: AssetId
      readonly index: number
      readonly unsent?: PeerId
    }
  /**
   * A response to a `fetch`: one input per chunk, as soon as it has arrived. It came from the origin unless `source`
   * names a mirror.
   */
  | {
      readonly type: 'fetched'
      readonly asset: AssetId
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly source?: 'origin' | 'mirror'
    }
  /** A `fetch` ended without these chunks. */
  | { readonly type: 'fetch-failed'; readonly asset: AssetId; readonly first: number; readonly last: number }
  /**
   * The response to a `verify`. `proof` is set if the bytes are wrong and their author's signature over them is valid.
   */
  | {
      readonly type: 'verified'
      readonly verification: number
      readonly valid: boolean
      readonly proof?: ChunkProof | undefined
    }
  /** The time of the last `set-timer` has come. */
  | { readonly type: 'timer' }

/** The reason why a peer was dropped. */
export type DropReason =
  /** The peer sent a whole chunk that does not match its hash. */
  | 'bad-chunk'
  /**
   * The peer sent a message that is not allowed, too many messages, or repeated false claims, or it uses another
   * protocol version.
   */
  | 'protocol'
  /** The peer owed chunks and stalled twice, or it never sent `hello`. */
  | 'stalled'
  /** The peer did nothing wrong, but it has nothing to offer and other peers may have. */
  | 'crowded'

/** An instruction of the engine to the shell. The shell carries instructions out in order. */
export type EngineOutput =
  | { readonly type: 'send'; readonly peer: PeerId; readonly message: PeerMessage }
  /**
   * Read the stored chunk, sign `chunkStatement`, and send the chunk as `frame` messages in order, with the signature
   * in the first. Then hand in `chunk-sent`. Once the first frame is sent, all must follow, because the peer counts on
   * one whole response to each request. Before the first frame, the shell may report the chunk as lost.
   */
  | { readonly type: 'send-chunk'; readonly peer: PeerId; readonly asset: AssetId; readonly index: number }
  /** Request introductions to `peers` more peers from the tracker. */
  | { readonly type: 'connect'; readonly peers: number }
  /** Close the connection. A `peer-left` is not needed, but does no harm. */
  | { readonly type: 'drop'; readonly peer: PeerId; readonly reason: DropReason }
  /**
   * Fetch these chunks from the origin, or from a mirror if the origin fails (HTTP Range). Respond with `fetched` or
   * `fetch-failed`.
   */
  | { readonly type: 'fetch'; readonly asset: AssetId; readonly first: number; readonly last: number }
  /**
   * Abort the `fetch` of this single chunk, because the chunk came from elsewhere. No response is needed, and a
   * `fetch-failed` would be attributed to another fetch.
   */
  | { readonly type: 'cancel-fetch'; readonly asset: AssetId; readonly index: number }
  /**
   * Hash the bytes, compare the hash with the manifest's, and respond with `verified`. `claimed` is the sender and its
   * signature. It is needed only if the bytes are wrong.
   */
  | {
      readonly type: 'verify'
      readonly verification: number
      readonly asset: AssetId
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly claimed?: { readonly peer: PeerId; readonly signature: Uint8Array } | undefined
    }
  /**
   * Store these verified bytes until you hand in `chunk-lost`. From now on they are offered to peers. This output
   * precedes any use of the chunk.
   */
  | {
      readonly type: 'store'
      readonly asset: AssetId
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
    }
  /**
   * Deliver the stored chunk to the page. Each chunk of a demand is delivered once, in order unless the demand's order
   * is `any`.
   */
  | {
      readonly type: 'deliver'
      readonly demand: DemandId
      readonly asset: AssetId
      readonly index: number
      readonly source: ChunkSource
    }
  /**
   * The origin cannot provide a chunk of this demand and no peer has it. The shell answers the page with a plain origin
   * request.
   */
  | { readonly type: 'demand-failed'; readonly demand: DemandId }
  /** Call the engine with `timer` at `at`. This replaces the previous timer. */
  | { readonly type: 'set-timer'; readonly at: number }
  /** Send the tracker the proof that a peer lied. The tracker bans that peer. */
  | { readonly type: 'accuse'; readonly proof: ChunkProof }
  /** Sign `receiptStatement` and send it as a `receipt` message to the peer. `bytes` is the total received from it. */
  | { readonly type: 'send-receipt'; readonly peer: PeerId; readonly bytes: number }
  /** Send the tracker the receipt of a peer: the bytes we sent to that peer, with its signature. */
  | {
      readonly type: 'claim'
      readonly peer: PeerId
      readonly bytes: number
      readonly signature: Uint8Array
    }
  /** An event to count. */
  | { readonly type: 'report'; readonly event: SwarmEvent }

/** The events that reports are computed from. */
export type SwarmEvent =
  /** A verified chunk arrived for the first time. */
  | { readonly kind: 'received'; readonly source: ChunkSource; readonly bytes: number }
  /** A chunk did not match its hash and was discarded. */
  | { readonly kind: 'rejected'; readonly source: ChunkSource; readonly bytes: number }
  /** Bytes arrived in vain: the chunk came from elsewhere, or its download was cancelled. */
  | { readonly kind: 'wasted'; readonly source: ChunkSource; readonly bytes: number }
  | { readonly kind: 'dropped'; readonly peer: PeerId; readonly reason: DropReason }
  /** A demand that had been requested from peers continued at the origin. */
  | { readonly kind: 'fallback'; readonly demand: DemandId }
  | { readonly kind: 'sent'; readonly peer: PeerId; readonly bytes: number }
