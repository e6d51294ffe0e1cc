import type { PeerId, PeerMessage } from '@peerpress/wire'
import { peerProtocolVersion } from '@peerpress/wire'
import { type Network, Node } from './node.ts'

/** Says it holds everything and answers every request with wrong bytes that it did not sign, so that nobody can ban it. */
export class Polluter extends Node {
  readonly #network: Network

  constructor(network: Network, id: PeerId, blocked: boolean) {
    super(network, id, blocked)
    this.#network = network
  }

  get room(): number {
    return Infinity
  }

  joined(peer: PeerId): void {
    const { asset, scenario } = this.#network
    this.say(peer, { type: 'hello', version: peerProtocolVersion, manifestVersion: 1 })
    const bits = new Uint8Array(Math.ceil(scenario.chunks / 8))
    for (let i = 0; i < scenario.chunks; i++) bits[i >> 3] = (bits[i >> 3] ?? 0) | (0x80 >> (i & 7))
    this.say(peer, { type: 'bitfield', asset: asset.id, chunks: scenario.chunks, bits })
  }

  left(): void {
    // It does not mind.
  }

  hear(peer: PeerId, message: PeerMessage): void {
    if (message.type !== 'request') return
    this.sendChunk(peer, this.#network.frame(message.index, 'wrong'), () => undefined)
  }
}
