import type { AssetId, PeerId, SiteId } from '@peerpress/wire'

/** A proof that a peer sent wrong bytes under a valid signature. */
export interface AcceptedProof {
  readonly site: SiteId
  readonly peer: PeerId
  readonly asset: AssetId
  /** Of the chunk. */
  readonly index: number
}
