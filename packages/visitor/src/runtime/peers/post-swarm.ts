import type { SwarmEvent } from '@peerpress/swarm'
import type { PeerId, TrackerServerMessage } from '@peerpress/wire'
import type { PageMessage, ShownPost } from '../../port-message.ts'
import type { ChunkStore } from '../storage/chunk-store.ts'
import { PageSwarm } from './page-swarm.ts'
import { PeerKey } from './peer-key.ts'
import { fetchTicket } from './ticket-source.ts'
import { TrackerClient } from './tracker-client.ts'

/** What the swarms of a browser share, and whom they tell. */
export interface PostSwarmOptions {
  readonly store: ChunkStore
  readonly tellWorker: (message: PageMessage) => void
  readonly onPeer: (peer: PeerId) => void
  readonly onEvent: (event: SwarmEvent) => void
  /** A peer said what it holds. */
  readonly onHoldings: () => void
}

/** A post's swarm and the line to the tracker that introduces its peers. */
export interface PostSwarm {
  readonly swarm: PageSwarm
  /** Pages that show the post. */
  readonly pages: Set<string>
  /** The site's policy is stricter than the page that joined says: there are no peers in this swarm any more. */
  isRefused: boolean
  stop(): void
}

/** Joins the swarm of a post. */
export function joinSwarm({ config, manifest, mirrors }: ShownPost, options: PostSwarmOptions): PostSwarm {
  const key = new PeerKey()
  const tracker = new TrackerClient({
    url: `${config.server.replace(/^http/, 'ws')}/v1/tracker`,
    join: async () => {
      const ticket = await fetchTicket(config)
      return ticket === null ? null : key.join(ticket)
    },
    onRefused() {
      post.isRefused = true
      swarm.peers.limit(0)
    },
    hasPeers: () => swarm.peers.count > 0,
    onMessage: hearTracker,
  })
  const swarm = new PageSwarm(manifest, {
    ...options,
    mirrors,
    key,
    tellTracker: (message) => tracker.send(message),
  })
  const post: PostSwarm = {
    swarm,
    pages: new Set(),
    isRefused: false,
    stop() {
      tracker.stop()
      swarm.stop()
    },
  }
  tracker.start()
  return post

  function hearTracker(message: TrackerServerMessage): void {
    switch (message.type) {
      case 'welcome':
        swarm.peers.ice = message
        break
      case 'swarm':
        swarm.resize(message.peers)
        break
      case 'introduce':
        swarm.peers.introduce(message)
        break
      case 'signal':
        swarm.peers.signal(message.from, message.signal)
        break
      case 'banned':
        swarm.peers.drop(message.peer)
        break
      case 'left':
      case 'error':
      // A peer that left the tracker may still be connected; after an error the tracker closes the line itself.
    }
  }
}
