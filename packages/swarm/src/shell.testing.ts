import type { AssetId, PeerId, PeerMessage } from '@peerpress/wire'
import { peerProtocolVersion } from '@peerpress/wire'
import type { Content } from './simulation/content.testing.ts'
import { chunkOf } from './simulation/content.testing.ts'
import type { EngineInput, EngineOutput, SwarmEvent } from './contract.ts'
import type { EngineOptions } from './engine-options.ts'
import { Engine } from './engine.ts'
import { seededRandom } from './simulation/seeded-random.ts'

type Output<Type extends EngineOutput['type']> = EngineOutput & { readonly type: Type }

/** One engine on a desk: every input is told by hand, every output is looked at. */
export class Shell {
  now = 1000
  readonly engine: Engine
  readonly #contents: readonly Content[]
  /** What it said since it was last looked at. */
  #outputs: EngineOutput[] = []
  #timerAt = Infinity

  constructor(contents: readonly Content[], options: Partial<EngineOptions> = {}) {
    this.engine = new Engine({ manifestVersion: 7, ...options }, seededRandom(1))
    this.#contents = contents
    for (const { asset } of contents) this.tell({ type: 'asset', asset })
    this.take()
  }

  tell(input: EngineInput): void {
    this.engine.handle(input, this.now)
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) {
      if (output.type === 'set-timer') this.#timerAt = output.at
      else this.#outputs.push(output)
    }
  }

  /** Lets time pass, waking the engine whenever it asked for it. */
  wait(ms: number): void {
    const end = this.now + ms
    while (this.#timerAt <= end) {
      this.now = Math.max(this.now, this.#timerAt)
      this.#timerAt = Infinity
      this.tell({ type: 'timer' })
    }
    this.now = end
  }

  /** When it wants to be woken. */
  get wakesAt(): number {
    return this.#timerAt
  }

  /** Every output since the last look. */
  take(): EngineOutput[] {
    const outputs = this.#outputs
    this.#outputs = []
    return outputs
  }

  /** The outputs of one type since the last look; the others are forgotten. */
  takeAll<Type extends EngineOutput['type']>(type: Type): Output<Type>[] {
    return this.take().filter((output): output is Output<Type> => output.type === type)
  }

  takeReports(kind: SwarmEvent['kind']): SwarmEvent[] {
    return this.takeAll('report').flatMap(({ event }) => (event.kind === kind ? [event] : []))
  }

  /** The messages of one type since the last look, as `peer index`. */
  takeSent(type: 'request' | 'cancel' | 'reject' | 'have'): string[] {
    return this.takeAll('send').flatMap(({ peer, message }) =>
      message.type === type ? [`${peer} ${message.index}`] : [],
    )
  }

  hear(peer: PeerId, message: PeerMessage): void {
    this.tell({ type: 'peer-message', peer, message })
  }

  /** A peer joins and tells which chunks of the first asset it holds, and that it holds nothing of the others. */
  meet(peer: PeerId, holds: readonly number[] = []): void {
    this.tell({ type: 'peer-joined', peer })
    this.hear(peer, { type: 'hello', version: peerProtocolVersion, manifestVersion: 7 })
    for (const [i, { asset }] of this.#contents.entries()) {
      const chunks = Math.ceil(asset.size / asset.chunkSize)
      const bits = new Uint8Array(Math.ceil(chunks / 8))
      for (const index of i === 0 ? holds : [])
        bits[index >> 3] = (bits[index >> 3] ?? 0) | (0x80 >> (index & 7))
      this.hear(peer, { type: 'bitfield', asset: asset.id, chunks, bits })
    }
  }

  demand(demand: number, first: number, last: number, patience = Infinity): void {
    this.tell({ type: 'demand', demand, asset: this.asset, first, last, deadline: this.now + patience })
  }

  /** The first asset. */
  get asset(): AssetId {
    return this.#content.asset.id
  }

  get #content(): Content {
    const [content] = this.#contents
    if (content === undefined) throw new Error('no content')
    return content
  }

  /** A frame of the first asset, the whole chunk unless told otherwise. */
  frame(
    peer: PeerId,
    index: number,
    { start = 0, end = Infinity }: { start?: number; end?: number } = {},
  ): void {
    const chunk = chunkOf(this.#content, index)
    const payload = chunk.subarray(start, end)
    this.hear(peer, { type: 'frame', asset: this.asset, index, offset: start, length: chunk.length, payload })
  }

  /** The true bytes of a chunk of the first asset are here without being asked for, and verified. */
  own(...indices: number[]): void {
    for (const index of indices) {
      this.tell({
        type: 'chunk',
        asset: this.asset,
        index,
        bytes: chunkOf(this.#content, index),
        source: 'local',
      })
    }
    this.verify()
    this.take()
  }

  /** The origin sends chunks of the first asset, which are verified. */
  fetched(...indices: number[]): void {
    for (const index of indices) {
      this.tell({ type: 'fetched', asset: this.asset, index, bytes: chunkOf(this.#content, index) })
    }
    this.verify()
  }

  /** Answers every `verify` since the last look. */
  verify(valid = true): void {
    const outputs = this.#outputs
    this.#outputs = outputs.filter(({ type }) => type !== 'verify')
    for (const output of outputs) {
      if (output.type === 'verify') this.tell({ type: 'verified', verification: output.verification, valid })
    }
  }

  /** A whole chunk from a peer, verified. */
  give(peer: PeerId, ...indices: number[]): void {
    for (const index of indices) this.frame(peer, index)
    this.verify()
  }
}
