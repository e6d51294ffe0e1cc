import type { AssetId, PeerId } from '@peerpress/wire'
import type { ChunkMap } from './download/chunk-map.ts'
import type { Demands } from './download/demands.ts'
import type { Downloads } from './download/downloads.ts'
import type { Settings } from './engine-options.ts'
import type { Outbox } from './outbox.ts'
import type { Peer } from './peers/peer.ts'
import type { Receipts } from './upload/receipts.ts'
import type { Uploads } from './upload/uploads.ts'

/** The state and components that the parts of an engine share. */
export interface Parts {
  readonly settings: Settings
  readonly random: () => number
  readonly outbox: Outbox
  readonly maps: Map<AssetId, ChunkMap>
  readonly peers: Map<PeerId, Peer>
  readonly demands: Demands
  readonly downloads: Downloads
  readonly uploads: Uploads
  readonly receipts: Receipts
}
