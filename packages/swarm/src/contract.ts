import type { Asset, AssetId, ChunkProof, PeerId, PeerMessage } from '@peerpress/wire'

/** Drawn by the shell for one demand of the page; unique within its engine. */
export type DemandId = number

/**
 * Where a chunk came from: the site's own server, the server's copy by hash when that failed, or, `local`, what was
 * already in this browser (HTTP cache) or on this disk.
 */
export type ChunkSource =
  | { readonly kind: 'peer'; readonly peer: PeerId }
  | { readonly kind: 'origin' }
  | { readonly kind: 'mirror' }
  | { readonly kind: 'local' }

/**
 * What the shell tells the engine. The engine's one rule: `handle(input, now)` changes state, then `poll()` is
 * drained until it returns undefined, then the next input. `now` is ms on any clock that never goes back.
 */
export type EngineInput =
  /** An asset of a verified manifest. Told again, it changes nothing. */
  | { readonly type: 'asset'; readonly asset: Asset }
  /** A whole chunk the shell has without being asked. It is verified like any other before it is offered. */
  | {
      readonly type: 'chunk'
      readonly asset: AssetId
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly source: 'origin' | 'local'
    }
  /**
   * The page needs chunks `first`..`last`. From its deadline on it would rather have a chunk from the origin: `deadline`
   * (ms, same clock) for the first, `pace` ms later for each one after it (none by default: one deadline for all).
   * `order` says how they are asked for and delivered: `sequential` (the default), in order, for who reads along, as
   * players do; `any`, the rarest first and each as it comes, for who needs all of it before it is of use. Of those the
   * n-th that comes has the n-th deadline, and who is late goes on with peers: the origin gives one chunk after the
   * other besides.
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
  /** The page no longer wants it, or has all of it. */
  | { readonly type: 'demand-ended'; readonly demand: DemandId }
  /**
   * The tracker took us in, or says it anew: about so many peers are in the swarm, this one included. Together they
   * keep to one budget at the origin.
   */
  | { readonly type: 'swarm-size'; readonly peers: number }
  /**
   * So many bytes may be sent to peers from now on; before the first of these as many as they ask for. `slots` and `rate`
   * replace the options `maxUploads` and `uploadRate`; without slots nothing is sent.
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
  /** This peer sent something that is no message: `decodePeerMessage` refused it. */
  | { readonly type: 'peer-garbage'; readonly peer: PeerId }
  /** All frames of a `send-chunk` left the shell's send buffer, or the shell gave up on sending them. */
  | { readonly type: 'chunk-sent'; readonly peer: PeerId; readonly asset: AssetId; readonly index: number }
  /**
   * A stored chunk is there no more: thrown away to make room, or unreadable. It is not offered any longer. `unsent`: who
   * was to get it by a `send-chunk` that can therefore not be carried out.
   */
  | {
      readonly type: 'chunk-lost'
      readonly asset: AssetId
      readonly index: number
      readonly unsent?: PeerId
    }
  /** Answer to a `fetch`; one input per chunk, as soon as it is there. From the origin unless a mirror is named. */
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
   * Answer to a `verify`. `proof`: the bytes are wrong, and their author's signature over them holds.
   */
  | {
      readonly type: 'verified'
      readonly verification: number
      readonly valid: boolean
      readonly proof?: ChunkProof | undefined
    }
  /** The time of the last `set-timer` has come. */
  | { readonly type: 'timer' }

/** Why a peer was dropped. */
export type DropReason =
  /** It sent a whole chunk that does not match its hash. */
  | 'bad-chunk'
  /** It said what a peer may not say, said too much, broke its word, or speaks another version. */
  | 'protocol'
  /** It owed chunks and was silent twice, or never said hello. */
  | 'stalled'
  /** It did nothing wrong, but has nothing to offer, and others may. */
  | 'crowded'

/** What the engine asks of the shell, in order. */
export type EngineOutput =
  | { readonly type: 'send'; readonly peer: PeerId; readonly message: PeerMessage }
  /**
   * Read the stored chunk, sign `chunkStatement`, send it as `frame` messages in order, the signature in the first, then
   * answer `chunk-sent`. There is no taking back: the asker counts on one whole answer to every request. Before its first
   * frame a chunk may prove to be lost.
   */
  | { readonly type: 'send-chunk'; readonly peer: PeerId; readonly asset: AssetId; readonly index: number }
  /** Ask the tracker for introductions to so many peers more. */
  | { readonly type: 'connect'; readonly peers: number }
  /** Close the connection. No `peer-left` is needed; one does no harm. */
  | { readonly type: 'drop'; readonly peer: PeerId; readonly reason: DropReason }
  /** Get these chunks from the origin, or from a mirror when it fails (HTTP Range); answer `fetched` or `fetch-failed`. */
  | { readonly type: 'fetch'; readonly asset: AssetId; readonly first: number; readonly last: number }
  /**
   * A chunk that is fetched alone came from elsewhere: give that `fetch` up. It needs no answer any more, and a
   * `fetch-failed` of it would be taken for that of another.
   */
  | { readonly type: 'cancel-fetch'; readonly asset: AssetId; readonly index: number }
  /**
   * Hash the bytes, compare with the manifest's hash of that chunk, answer `verified`. `claimed`: who sent them, and the
   * signature that came with them, which matters only when they are wrong.
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
   * Keep these verified bytes, until you say `chunk-lost`: they are offered to peers from now on. Comes before any use of
   * the chunk.
   */
  | {
      readonly type: 'store'
      readonly asset: AssetId
      readonly index: number
      readonly bytes: Uint8Array<ArrayBuffer>
    }
  /** Hand the stored chunk to the page. The chunks of a demand come each once; in order unless `any` order was asked. */
  | {
      readonly type: 'deliver'
      readonly demand: DemandId
      readonly asset: AssetId
      readonly index: number
      readonly source: ChunkSource
    }
  /** The origin cannot give what this demand needs and no peer has it: the shell answers the page plainly. */
  | { readonly type: 'demand-failed'; readonly demand: DemandId }
  /** Wake the engine with `timer` at `at`. Replaces the timer set before. */
  | { readonly type: 'set-timer'; readonly at: number }
  /** Show the tracker that a peer lied: it keeps the liar out. */
  | { readonly type: 'accuse'; readonly proof: ChunkProof }
  /** Sign `receiptStatement` and send it to the peer, which gave us so many bytes in all, as a `receipt` message. */
  | { readonly type: 'send-receipt'; readonly peer: PeerId; readonly bytes: number }
  /** Show the tracker what we gave a peer, by its signature. */
  | {
      readonly type: 'claim'
      readonly peer: PeerId
      readonly bytes: number
      readonly signature: Uint8Array
    }
  /** Something to count. */
  | { readonly type: 'report'; readonly event: SwarmEvent }

/** What the reports are made of. */
export type SwarmEvent =
  /** A verified chunk came in for the first time. */
  | { readonly kind: 'received'; readonly source: ChunkSource; readonly bytes: number }
  /** A chunk did not match its hash and was thrown away. */
  | { readonly kind: 'rejected'; readonly source: ChunkSource; readonly bytes: number }
  /** Bytes came in for nothing: the chunk came from elsewhere, or was given up. */
  | { readonly kind: 'wasted'; readonly source: ChunkSource; readonly bytes: number }
  | { readonly kind: 'dropped'; readonly peer: PeerId; readonly reason: DropReason }
  /** A demand that peers were asked for first went on at the origin. */
  | { readonly kind: 'fallback'; readonly demand: DemandId }
  | { readonly kind: 'sent'; readonly peer: PeerId; readonly bytes: number }
