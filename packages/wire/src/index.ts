export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.ts'
export {
  type Attribution,
  type Beacon,
  type Campaign,
  checkBeacon,
  decodeBeacon,
  type Delivery,
  encodeBeacon,
  maxBatchBeacons,
  maxBatchLength,
  maxBeaconLength,
  maxCampaignLength,
  maxErrorLength,
  maxErrorSamples,
  maxEvents,
  maxSelectorLength,
  type TimedDelivery,
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
  hashLength,
  maxChunks,
  maxChunkSize,
  minChunkSize,
} from './asset.ts'
export {
  decodeManifest,
  dispositionPattern,
  encodeManifest,
  type Manifest,
  manifestPayloadType,
  maxAssets,
} from './manifest.ts'
export { decodeMirrors, encodeMirrors, isMirror, maxMirrors, mirrorsHeader } from './mirrors.ts'
export {
  decodePageConfig,
  encodePageConfig,
  type NoticeConfig,
  type PageConfig,
  pageConfigElementId,
  type UploadLimits,
} from './page-config.ts'
export {
  type ConsentPolicy,
  consentPolicies,
  isAdmitted,
  isLooser,
  type Mode,
  modes,
  type Policy,
  seedPolicy,
} from './policy.ts'
export { hashPattern, postIdPattern, siteIdPattern } from './patterns.ts'
export { type PageSeam } from './page-seam.ts'
export {
  decodePeerMessage,
  encodePeerMessage,
  maxFramePayload,
  type PeerMessage,
  peerProtocolVersion,
  type RejectReason,
} from './peer-message.ts'
export { describesChannel, isSignal, type Signal } from './signal.ts'
export { decodeSnapshot, maxSnapshotSize, type Snapshot, snapshotHeaders } from './snapshot.ts'
export {
  type ChunkProof,
  decodeTrackerClientMessage,
  maxTrackerMessageLength,
  type TrackerClientMessage,
} from './tracker-client-message.ts'
export { encodeTrackerMessage } from './tracker-message.ts'
export {
  decodeTrackerServerMessage,
  type IceServer,
  maxTrackerServerMessageLength,
  type TrackerErrorCode,
  type TrackerServerMessage,
} from './tracker-server-message.ts'
export { chunkStatement, joinStatement, receiptStatement, signatureLength } from './statements.ts'
export { countUnknownFields, type UnknownFields } from './unknown-fields.ts'
export { WireError, type WireErrorCode } from './wire-error.ts'
