import type { AssetId, PeerId, PeerMessage } from '@peerpress/wire'
import { peerProtocolVersion } from '@peerpress/wire'
import type { Content } from './simulation/content.testing.ts'
import { chunkOf } from './simulation/content.testing.ts'
import type { EngineInput, EngineOutput, SwarmEvent } from './contract.ts'
import type { EngineOptions } from './engine-options.ts'
import { Engine } from './engine.ts'
import { seededRandom } from './simulation/seeded-random.ts'

type Output<Type extends EngineOutput['type']> = EngineOutput & { readonly type: Type }

/** Drives one engine by hand: the test passes in each input and inspects each output. */
export class Shell {
  now = 1000
  readonly engine: Engine
  readonly #contents: readonly Content[]
  /** Outputs since the last call of {@link take}. */
  #outputs: EngineOutput[] = []
  #timerAt = Infinity

  constructor(contents: readonly Content[], options: Partial<EngineOptions> = {}) {
    this.engine = new Engine({ manifestVersion: 7, ...options }, seededRandom(1))
    this.#contents = contents
    for (const { asset } of contents) this.handle({ type: 'asset', asset })
    this.take()
  }

  handle(input: EngineInput): void {
    this.engine.handle(input, this.now)
    for (let output = this.engine.poll(); output !== undefined; output = this.engine.poll()) {
      if (output.type === 'set-timer') this.#timerAt = output.at
      else this.#outputs.push(output)
    }
  }

  /** Advances the time and wakes the engine at each timer it set. */
  wait(ms: number): void {
    const end = this.now + ms
    while (this.#timerAt <= end) {
      this.now = Math.max(this.now, this.#timerAt)
      this.#timerAt = Infinity
      this.handle({ type: 'timer' })
    }
    this.now = end
  }

  /** Time at which the engine wants to be woken. */
  get wakesAt(): number {
    return this.#timerAt
  }

  /** Returns the outputs since the last call. */
  take(): EngineOutput[] {
    const outputs = this.#outputs
    this.#outputs = []
    return outputs
  }

  /** Returns the outputs of one type since the last call, and discards the others. */
  takeAll<Type extends EngineOutput['type']>(type: Type): Output<Type>[] {
    return this.take().filter((output): output is Output<Type> => output.type === type)
  }

  takeReports(kind: SwarmEvent['kind']): SwarmEvent[] {
    return this.takeAll('report').flatMap(({ event }) => (event.kind === kind ? [event] : []))
  }

  /** Returns the messages of one type since the last call, as `peer index`. */
  takeSent(type: 'request' | 'cancel' | 'reject' | 'have'): string[] {
    return this.takeAll('send').flatMap(({ peer, message }) =>
      message.type === type ? [`${peer} ${message.index}`] : [],
    )
  }

  receive(peer: PeerId, message: PeerMessage): void {
    this.handle({ type: 'peer-message', peer, message })
  }

  /** Connects a peer that holds `holds` of the first asset and nothing of the others. */
  meet(peer: PeerId, holds: readonly number[] = []): void {
    this.handle({ type: 'peer-joined', peer })
    this.receive(peer, { type: 'hello', version: peerProtocolVersion, manifestVersion: 7 })
    for (const [i, { asset }] of this.#contents.entries()) {
      const chunks = Math.ceil(asset.size / asset.chunkSize)
      const bits = new Uint8Array(Math.ceil(chunks / 8))
      for (const index of i === 0 ? holds : [])
        bits[index >> 3] = (bits[index >> 3] ?? 0) | (0x80 >> (index & 7))
      this.receive(peer, { type: 'bitfield', asset: asset.id, chunks, bits })
    }
  }

  demand(demand: number, first: number, last: number, timeout = Infinity): void {
    this.handle({ type: 'demand', demand, asset: this.asset, first, last, deadline: this.now + timeout })
  }

  /** Id of the first asset. */
  get asset(): AssetId {
    return this.#content.asset.id
  }

  get #content(): Content {
    const [content] = this.#contents
    if (content === undefined) throw new Error('no content')
    return content
  }

  /** Sends a frame of the first asset, by default the whole chunk. */
  frame(
    peer: PeerId,
    index: number,
    { start = 0, end = Infinity }: { start?: number; end?: number } = {},
  ): void {
    const chunk = chunkOf(this.#content, index)
    const payload = chunk.subarray(start, end)
    this.receive(peer, {
      type: 'frame',
      asset: this.asset,
      index,
      offset: start,
      length: chunk.length,
      payload,
    })
  }

  /** Adds verified chunks of the first asset as local data. */
  own(...indices: number[]): void {
    for (const index of indices) {
      this.handle({
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

  /** Responds to fetches with verified chunks of the first asset. */
  fetched(...indices: number[]): void {
    for (const index of indices) {
      this.handle({ type: 'fetched', asset: this.asset, index, bytes: chunkOf(this.#content, index) })
    }
    this.verify()
  }

  /** Responds to every `verify` since the last call. */
  verify(valid = true): void {
    const outputs = this.#outputs
    this.#outputs = outputs.filter(({ type }) => type !== 'verify')
    for (const output of outputs) {
      if (output.type === 'verify')
        this.handle({ type: 'verified', verification: output.verification, valid })
    }
  }

  /** Sends whole, verified chunks from a peer. */
  give(peer: PeerId, ...indices: number[]): void {
    for (const index of indices) this.frame(peer, index)
    this.verify()
  }
}
