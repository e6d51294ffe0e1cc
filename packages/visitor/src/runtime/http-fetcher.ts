import { bodyStart, ChunkCutter, type CutChunk, rangeHeader } from '@peerpress/swarm'
import { type Asset, chunkLength } from '@peerpress/wire'
import { type HttpSource, httpSources } from '../http-sources.ts'

/** ms after which a server that has not sent everything counts as failed. */
const fetchTimeout = 60_000
/** ms in which the origin must begin to answer before its mirror is asked. */
const answerTimeout = 8000
/** ms for which an origin that failed is asked only after its mirror. */
const restTime = 30_000

/** A chunk and the server that sent it. */
export interface FetchedChunk extends CutChunk {
  readonly source: HttpSource['kind']
}

/** Gets chunks by HTTP: from the origin, and from the server's mirror what the origin does not give. */
export class HttpFetcher {
  readonly #mirror: string
  readonly #now: () => number
  #restsUntil = -Infinity

  /** `mirror`: what the id of an asset is put after for the address of its copy. `now`: ms. */
  constructor(mirror: string, now: () => number) {
    this.#mirror = mirror
    this.#now = now
  }

  /**
   * Chunks `first`..`last`, not verified, by one ranged request to each server that is needed. One that ignores Range
   * yields every chunk from the first on. Throws when no server goes on.
   */
  async *chunks(asset: Asset, first: number, last: number): AsyncGenerator<FetchedChunk> {
    let next = first
    let failure: unknown
    for (const source of this.#sources(asset)) {
      try {
        for await (const chunk of rangeOf(asset, source, { first: next, last })) {
          if (chunk.index === next) next++
          yield { ...chunk, source: source.kind }
        }
        if (next > last) return
      } catch (cause) {
        failure = cause
      }
      if (source.kind === 'origin') this.#restsUntil = this.#now() + restTime
    }
    throw failure ?? new Error('the servers end too early')
  }

  #sources(asset: Asset): readonly HttpSource[] {
    const sources = httpSources(asset, this.#mirror)
    return this.#now() < this.#restsUntil ? sources.toReversed() : sources
  }
}

async function* rangeOf(
  asset: Asset,
  { kind, url }: HttpSource,
  { first, last }: { readonly first: number; readonly last: number },
): AsyncGenerator<CutChunk> {
  const range = rangeHeader(first * asset.chunkSize, last * asset.chunkSize + chunkLength(asset, last) - 1)
  const silence = new AbortController()
  const patience = setTimeout(() => silence.abort(), kind === 'origin' ? answerTimeout : fetchTimeout)
  // The worker leaves every cache mode but the default alone, so this does not come back to us as a demand.
  const response = await fetch(url, {
    headers: { Range: range },
    cache: 'no-store',
    signal: AbortSignal.any([silence.signal, AbortSignal.timeout(fetchTimeout)]),
  }).finally(() => clearTimeout(patience))
  yield* chunksOf(asset, response)
}

/** Whole chunks of an asset that the HTTP cache holds, not verified; none when it does not hold it. */
export async function* cachedChunks(asset: Asset): AsyncGenerator<CutChunk> {
  const response = await fetch(asset.url, { cache: 'only-if-cached', mode: 'same-origin', priority: 'low' })
  yield* chunksOf(asset, response)
}

async function* chunksOf(asset: Asset, response: Response): AsyncGenerator<CutChunk> {
  const start = bodyStart(response, asset.size)
  if (start === null || !response.body) throw new Error(`the server answers ${response.status}`)
  const cutter = new ChunkCutter(asset, start)
  const reader = response.body.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      yield* cutter.push(part.value)
  } finally {
    // Safari cannot iterate a body; what is left of it is not wanted.
    void reader.cancel().catch(() => {})
  }
}
