import type { SwarmEvent } from '@peerpress/swarm'
import type { PeerId } from '@peerpress/wire'

/** Returns the bytes of a verified chunk from another peer or an HTTP server; 0 for any other event. */
export function receivedBytes(event: SwarmEvent): number {
  return event.kind === 'received' && event.source.kind !== 'local' ? event.bytes : 0
}

/** Counts of one peer since its start. */
export class Figures {
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
    else if (event.kind === 'rejected') {
      if (event.source.kind === 'peer') this.rejectedChunks++
    } else if (event.kind === 'dropped' && event.reason === 'bad-chunk') this.#dropped.add(event.peer)
  }
}
