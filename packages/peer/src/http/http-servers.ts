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
import { isChunk } from '../crypto/chunk-hash.ts'
import type { Platform, HttpResponse } from '../platform.ts'

/** ms without a byte after which a request fails if there is another server … */
const silenceTimeout = 8000
/** … and if there is none: a slow server is better than no server. */
const lastSilenceTimeout = 60_000

/** A chunk and the kind of server that sent it. */
export interface HttpChunk extends CutChunk {
  readonly source: HttpSource['kind']
}

/** Which chunks to request, and from which servers. */
export interface HttpExtent {
  readonly first: number
  readonly last: number
  /** URL prefixes of the copies: each is followed by the asset's id. */
  readonly mirrors: readonly string[]
  readonly order: HttpOrder
  /** Which chunks are verified here. The caller must verify the origin's chunks if this is `mirrors`. @default all */
  readonly verify?: 'all' | 'mirrors'
  /** Ends the requests. */
  readonly signal?: AbortSignal | undefined
}

/** Gets chunks by HTTP: from the origin, and from one mirror after the other if the origin fails. */
export class HttpServers {
  readonly #sources = new HttpSources()
  readonly #platform: Platform

  constructor(platform: Platform) {
    this.#platform = platform
  }

  /**
   * Yields chunks `first`..`last` in order, by one ranged request to each server that is needed. The request ends when
   * the caller stops early. If the origin ignores Range, the chunks before `first` are yielded as well. A mirror that
   * ignores Range, or sends a byte that is not in the manifest, counts as failed. Throws when no server is left.
   */
  async *chunks(
    asset: Asset,
    { first, last, mirrors, order, verify = 'all', signal }: HttpExtent,
  ): AsyncGenerator<HttpChunk> {
    const { now, subtle } = this.#platform
    let next = first
    let failure: unknown
    const sources = this.#sources.inOrder(asset, { mirrors, order, now: now() })
    for (const source of sources) {
      const { kind } = source
      try {
        const silence = source === sources.at(-1) ? lastSilenceTimeout : silenceTimeout
        for await (const chunk of this.#range(asset, source, { first: next, last, silence, signal })) {
          const { index } = chunk
          if (
            index >= next &&
            (verify === 'all' || kind === 'mirror') &&
            !(await isChunk(asset, chunk, subtle))
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
      this.#sources.failed(source, now())
    }
    throw failure
  }

  async *#range(
    asset: Asset,
    { kind, url }: HttpSource,
    {
      first,
      last,
      silence,
      signal,
    }: Pick<HttpExtent, 'first' | 'last' | 'signal'> & { readonly silence: number },
  ): AsyncGenerator<CutChunk> {
    const { setTimer, fetchRange } = this.#platform
    const start = first * asset.chunkSize
    const end = last * asset.chunkSize + chunkLength(asset, last) - 1
    const abort = new AbortController()
    // The caller's own time between two reads is not the server's silence.
    const inTime = <T>(work: Promise<T>): Promise<T> => work.finally(setTimer(() => abort.abort(), silence))
    const either = signal ? AbortSignal.any([signal, abort.signal]) : abort.signal
    const response = await inTime(fetchRange(url, rangeHeader(start, end), either))
    // Browsers hide this header from cross-origin pages unless it is exposed; each chunk is verified anyway.
    const isHidden = response.status === 206 && !response.headers.get('Content-Range')
    const begin = kind === 'origin' && isHidden ? start : bodyStart(response, asset.size)
    if (begin === null || begin > start || (kind === 'mirror' && begin < start))
      throw new Error(`the server answers ${response.status}`)
    yield* cutChunks(asset, response, { begin, inTime })
  }
}

/** Yields the whole chunks of a body that begins at byte `begin` of the asset, not verified. */
export async function* cutChunks(
  asset: Asset,
  { body }: Pick<HttpResponse, 'body'>,
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
    for (let part = await read(); part.value; part = await read()) yield* cutter.push(part.value)
  } finally {
    // Safari cannot iterate a body, so that it is not cancelled by leaving a loop.
    reader.cancel().catch(() => {})
  }
}
