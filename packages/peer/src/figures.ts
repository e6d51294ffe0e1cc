import type { SwarmEvent } from '@peerpress/swarm'
import type { PeerId } from '@peerpress/wire'

/** Counts of one peer since its start. */
export class Figures {
  /** Bytes of verified chunks from other peers and HTTP servers. */
  received = 0
  /** Bytes of chunks that were sent to other peers. */
  sent = 0
  /** Chunks from other peers that did not match the manifest. */
  rejectedChunks = 0
  readonly #dropped = new Set<PeerId>()

  /** Peers that were dropped because of such chunks. */
  get droppedPeers(): number {
    return this.#dropped.size
  }

  add(event: SwarmEvent): void {
    if (event.kind === 'sent') this.sent += event.bytes
    else if (event.kind === 'received') {
      if (event.source.kind !== 'local') this.received += event.bytes
    } else if (event.kind === 'rejected') {
      if (event.source.kind === 'peer') this.rejectedChunks++
    } else if (event.kind === 'dropped' && event.reason === 'bad-chunk') this.#dropped.add(event.peer)
  }
}
