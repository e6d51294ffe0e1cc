export { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './encoding/base64.ts'
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
} from './encoding/envelope.ts'
export { decodeHex, encodeHex } from './encoding/hex.ts'
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
export {
  type AssignedPost,
  type Assignment,
  decodeAssignment,
  maxAssignedPosts,
} from './lending/assignment.ts'
export {
  decodeGrant,
  decodeOffer,
  encodeGrant,
  encodeOffer,
  type Grant,
  grantPayloadType,
  type LendingTerms,
  maxTermMs,
  type Offer,
  offerPayloadType,
} from './lending/terms.ts'
export {
  decodeSeedRequest,
  encodeSeedRequest,
  maxRequestSkewMs,
  type SeedRequest,
  seedRequestPayloadType,
} from './lending/seed-request.ts'
export { decodeLease, encodeLease, type Lease, leasePayloadType } from './page/lease.ts'
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
export { decodeMirrors, encodeMirrors, isMirror, maxMirrors, mirrorsHeader } from './tracker/mirrors.ts'
export {
  decodeNoticeTexts,
  decodePageConfig,
  encodePageConfig,
  type NoticeConfig,
  type NoticeTexts,
  type PageConfig,
  pageConfigElementId,
  type UploadLimits,
} from './page/page-config.ts'
export { encodePageScripts, pageScriptsMark } from './page/page-scripts.ts'
export {
  type ConsentPolicy,
  consentPolicies,
  isAdmitted,
  isLooser,
  type Mode,
  modes,
  type Policy,
  seedPolicy,
} from './page/policy.ts'
export { hashPattern, postIdPattern, siteIdPattern } from './patterns.ts'
export { type PageSeam } from './page/page-seam.ts'
export {
  decodePeerMessage,
  encodePeerMessage,
  maxFramePayload,
  type PeerMessage,
  peerProtocolVersion,
  type RejectReason,
} from './peer-message.ts'
export { describesChannel, isSignal, type Signal } from './tracker/signal.ts'
export { decodeSnapshot, maxSnapshotSize, type Snapshot, snapshotHeaders } from './page/snapshot.ts'
export {
  type ChunkProof,
  decodeTrackerClientMessage,
  maxTrackerMessageLength,
  type TrackerClientMessage,
} from './tracker/tracker-client-message.ts'
export { encodeTrackerMessage } from './tracker/tracker-message.ts'
export {
  decodeTrackerServerMessage,
  type IceServer,
  maxTrackerServerMessageLength,
  type TrackerErrorCode,
  type TrackerServerMessage,
} from './tracker/tracker-server-message.ts'
export { type Role, type RoleHealth, roleOfParts, type StopPart } from './role.ts'
export { chunkStatement, joinStatement, receiptStatement, signatureLength } from './statements.ts'
export { countUnknownFields, type UnknownFields } from './encoding/unknown-fields.ts'
export { maxUrlLength } from './encoding/url.ts'
export { WireError, type WireErrorCode } from './wire-error.ts'
