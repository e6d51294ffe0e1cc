import { type Asset, chunkLength } from '@peerpress/wire'
import { audit } from './audit.ts'
import { chunkFlow, type FlowChunk, lastOfWindow } from './chunk-flow.ts'
import type { PageLink } from './page-link.ts'
import { wholeHeaders } from './whole-answer.ts'

/** Bytes `start`..`end` of an asset, both included. */
export interface Stretch {
  readonly start: number
  readonly end: number
  /** Whether the request had a `Range` header. Then the answer is a 206. */
  readonly partial: boolean
}

/** Answers with a range of an asset while the page reads it. Returns null if peers do not have its beginning. */
export async function answerStreamed(
  asset: Asset,
  stretch: Stretch,
  link: PageLink,
): Promise<Response | null> {
  const first = Math.floor(stretch.start / asset.chunkSize)
  const last = Math.floor(stretch.end / asset.chunkSize)
  const supply = await link.ask(asset, { first, last: lastOfWindow(asset, first, last) })
  if (!supply) return null
  const chunks = chunkFlow(asset, { first, last, supply }, link)
  return respond(asset, stretch, { chunks, link })
}

function respond(
  asset: Asset,
  stretch: Stretch,
  flow: { readonly chunks: AsyncGenerator<FlowChunk>; readonly link: PageLink },
): Response {
  return new Response(bodyOf(asset, stretch, flow), {
    status: stretch.partial ? 206 : 200,
    headers: headersOf(asset, stretch),
  })
}

/** Answers with a range of an asset from a mirror. Returns null if no mirror has it. */
export async function answerFromMirror(
  asset: Asset,
  stretch: Stretch,
  link: PageLink,
): Promise<Response | null> {
  const extent = {
    first: Math.floor(stretch.start / asset.chunkSize),
    last: Math.floor(stretch.end / asset.chunkSize),
  }
  const chunks = link.fetch(asset, extent, 'mirrors-alone')
  const { value: begun } = await chunks.next().catch(() => ({ value: undefined }))
  if (!begun) return null
  return respond(asset, stretch, { chunks: continued(begun, chunks), link })
}

async function* continued(begun: FlowChunk, rest: AsyncGenerator<FlowChunk>): AsyncGenerator<FlowChunk> {
  yield begun
  yield* rest
}

function headersOf(asset: Asset, { start, end, partial }: Stretch): Record<string, string> {
  if (!partial) return wholeHeaders(asset)
  return {
    ...wholeHeaders(asset),
    'Content-Length': `${end - start + 1}`,
    'Content-Range': `bytes ${start}-${end}/${asset.size}`,
  }
}

function bodyOf(
  asset: Asset,
  { start, end }: Stretch,
  { chunks, link }: { readonly chunks: AsyncGenerator<FlowChunk>; readonly link: PageLink },
): ReadableStream<Uint8Array> {
  const answered = (complete: boolean): void => link.tell({ type: 'answered', asset: asset.id, complete })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value: chunk, done } = await chunks.next()
          if (done) {
            answered(true)
            controller.close()
            return
          }
          const { index, bytes, source } = chunk
          const chunkStart = index * asset.chunkSize
          if (bytes.length !== chunkLength(asset, index)) throw new Error('a chunk of another length')
          const from = Math.max(start, chunkStart)
          const part = bytes.slice(from - chunkStart, end + 1 - chunkStart)
          controller.enqueue(part)
          link.tell({ type: 'bytes', asset: asset.id, start: from, length: part.length, source })
          await audit(link, asset, chunk)
          if (source === 'origin') link.tell({ type: 'chunk', asset: asset.id, index, bytes })
        } catch (cause) {
          answered(false)
          controller.error(cause)
        }
      },
      async cancel() {
        answered(true)
        await chunks.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
