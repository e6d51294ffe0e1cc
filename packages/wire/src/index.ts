export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.ts'
export {
  type Attribution,
  type Beacon,
  type Campaign,
  decodeBeacon,
  type Delivery,
  encodeBeacon,
  maxBeaconLength,
  maxCampaignLength,
  maxSelectorLength,
} from './beacon.ts'
export {
  decodeEnvelope,
  encodeEnvelope,
  type Envelope,
  maxEnvelopeLength,
  preAuthEncoding,
  type Signature,
} from './envelope.ts'
export { decodeHex, encodeHex } from './hex.ts'
export {
  type AssetId,
  assetIdSchema,
  type PeerId,
  peerIdSchema,
  type PostId,
  postIdSchema,
  type SiteId,
  siteIdSchema,
  type ViewId,
  viewIdSchema,
} from './ids.ts'
export { decodeLease, encodeLease, type Lease, leasePayloadType } from './lease.ts'
export {
  type Asset,
  chunkCount,
  chunkHash,
  chunkLength,
  chunkSizeFor,
  decodeManifest,
  encodeManifest,
  hashLength,
  type Manifest,
  manifestPayloadType,
  maxAssets,
  maxChunks,
  maxChunkSize,
  minChunkSize,
} from './manifest.ts'
export {
  decodePageConfig,
  encodePageConfig,
  type NoticeConfig,
  type PageConfig,
  pageConfigElementId,
  type UploadLimits,
} from './page-config.ts'
export { type PageSeam } from './page-seam.ts'
export {
  decodePeerMessage,
  encodePeerMessage,
  maxFramePayload,
  type PeerMessage,
  peerProtocolVersion,
  type RejectReason,
} from './peer-message.ts'
export {
  decodeTrackerClientMessage,
  decodeTrackerServerMessage,
  encodeTrackerMessage,
  type IceServer,
  maxTrackerMessageLength,
  maxTrackerServerMessageLength,
  type Signal,
  type TrackerClientMessage,
  type TrackerErrorCode,
  type TrackerServerMessage,
} from './tracker-message.ts'
export { WireError, type WireErrorCode } from './wire-error.ts'
