import {
  bodyStart,
  ChunkCutter,
  type CutChunk,
  type HttpOrder,
  type HttpSource,
  HttpSources,
  rangeHeader,
} from '@peerpress/swarm'
import { type Asset, chunkLength } from '@peerpress/wire'
import { isChunk } from './chunk-hash.ts'

/** ms in which a server must begin to answer, and to go on, while there is another to ask … */
const patience = 8000
/** … and when there is none. */
const lastPatience = 60_000

/** A chunk and the server that sent it. */
export interface HttpChunk extends CutChunk {
  readonly source: HttpSource['kind']
}

/** What is asked of whom. */
export interface HttpExtent {
  readonly first: number
  readonly last: number
  /** What the id of an asset is put after for each copy of it. */
  readonly mirrors: readonly string[]
  readonly order: HttpOrder
  /** Whose chunks are held against the manifest: those of an origin may be left to who gets them. @default all */
  readonly verify?: 'all' | 'mirrors'
  /** Gives it up. */
  readonly signal?: AbortSignal | undefined
}

/** Gets chunks by HTTP: from the origin, and from one mirror after the other what it does not give. */
export class HttpServers {
  readonly #sources = new HttpSources()
  readonly #now: () => number

  /** `now`: ms. */
  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * Chunks `first`..`last` in order, by one ranged request to each server that is needed; it is given up when the caller
   * stops early. An origin that ignores Range yields every chunk from the first of the asset on; a mirror that does has
   * failed, like one that sends a byte that the manifest does not have. Throws when no server goes on.
   */
  async *chunks(
    asset: Asset,
    { first, last, mirrors, order, verify = 'all', signal }: HttpExtent,
  ): AsyncGenerator<HttpChunk> {
    let next = first
    let failure: unknown
    const sources = this.#sources.inOrder(asset, { mirrors, order, now: this.#now() })
    for (const source of sources) {
      const { kind } = source
      try {
        const silence = source === sources.at(-1) ? lastPatience : patience
        for await (const chunk of rangeOf(asset, source, { first: next, last, silence, signal })) {
          const { index, bytes } = chunk
          if (
            index >= next &&
            (verify === 'all' || kind === 'mirror') &&
            !(await isChunk(asset, index, bytes))
          )
            throw new Error('the server has other bytes')
          if (index === next) next++
          yield { ...chunk, source: kind }
          if (next > last) return
        }
        throw new Error('the server ends too early')
      } catch (cause) {
        failure = cause
      }
      signal?.throwIfAborted()
      this.#sources.failed(source, this.#now())
    }
    throw failure
  }
}

async function* rangeOf(
  asset: Asset,
  { kind, url }: HttpSource,
  {
    first,
    last,
    silence,
    signal,
  }: Pick<HttpExtent, 'first' | 'last' | 'signal'> & { readonly silence: number },
): AsyncGenerator<CutChunk> {
  const start = first * asset.chunkSize
  const end = last * asset.chunkSize + chunkLength(asset, last) - 1
  const abort = new AbortController()
  const inTime = <T>(work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => abort.abort(), silence)
    return work.finally(() => clearTimeout(timer))
  }
  // The worker leaves every cache mode but the default alone, so this does not come back to us as a demand.
  const init: RequestInit = {
    headers: { Range: rangeHeader(start, end) },
    cache: 'no-store',
    signal: signal ? AbortSignal.any([signal, abort.signal]) : abort.signal,
  }
  const response = await inTime(fetch(url, init))
  // Another origin may hide Content-Range from pages; whatever it sends is held against the manifest.
  const isHidden = response.status === 206 && !response.headers.has('Content-Range')
  const begin = kind === 'origin' && isHidden ? start : bodyStart(response, asset.size)
  if (begin === null || begin > start || (kind === 'mirror' && begin < start))
    throw new Error(`the server answers ${response.status}`)
  yield* cutChunks(asset, response, { begin, inTime })
}

/** The whole chunks in a body that begins at byte `begin` of the asset, not verified. */
export async function* cutChunks(
  asset: Asset,
  { body }: Response,
  {
    begin,
    inTime = (work) => work,
  }: { readonly begin: number; readonly inTime?: <T>(work: Promise<T>) => Promise<T> },
): AsyncGenerator<CutChunk> {
  if (!body) return
  const cutter = new ChunkCutter(asset, begin)
  const reader = body.getReader()
  const read = () => inTime(reader.read())
  try {
    for (let part = await read(); !part.done; part = await read()) yield* cutter.push(part.value)
  } finally {
    // Safari cannot iterate a body; what is left of it is not wanted.
    reader.cancel().catch(() => {})
  }
}
