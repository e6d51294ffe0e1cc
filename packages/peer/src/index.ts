export type { ChunkStore } from './chunk-store.ts'
export {
  type Channel,
  type ChannelEvents,
  channelLabel,
  type IceSettings,
  lowWater,
  type OpenChannel,
} from './connections/channel.ts'
export { isChunk } from './crypto/chunk-hash.ts'
export { PeerKey } from './crypto/peer-key.ts'
export { signedPayload } from './crypto/signed-payload.ts'
export { Figures, receivedBytes } from './figures.ts'
export { cutChunks, type HttpChunk, HttpServers } from './http/http-servers.ts'
export type { HttpResponse, OpenSocket, Platform } from './platform.ts'
export { fetchManifest, type PublishedPost } from './published-post.ts'
export { type Delivery, SwarmPeer, type SwarmPeerOptions } from './swarm-peer.ts'
