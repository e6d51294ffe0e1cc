import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Assistance, samplePage } from '@peerpress/testbed'
import { answerQuestions } from '../child.ts'
import { loaderPage } from './readers/loader-page.ts'
import { makeTorrent } from './make-torrent.ts'
import {
  loaderPath,
  loaderScriptPath,
  makePost,
  type MediaFile,
  mediaPath,
  originPort,
  type PostSize,
  torrentPath,
} from './post.ts'

/** Tells the origin to serve a post, to be connected to PeerPress, or to say what it has sent. */
export type OriginOrder =
  | { readonly serve: { readonly host: string; readonly post: PostSize } }
  | { readonly connect: { readonly assistance: Assistance; readonly worker: string } }
  | { readonly rivals: { readonly origin: string; readonly tracker: string } }
  | { readonly sent: true }

/** What the origin has sent of its post since it was last asked, bytes. */
export interface OriginSent {
  readonly media: number
  /** Of that what readers see without scrolling. */
  readonly aboveFold: number
}

const html = 'text/html; charset=utf-8'
const script = 'text/javascript'
const mediaLoader = new URL(
  '../rivals/node_modules/p2p-media-loader-core/dist/p2p-media-loader-core.es.min.js',
  import.meta.url,
)

let media: ReadonlyMap<string, MediaFile> = new Map()
/** What else there is, by path. */
const documents = new Map<string, { readonly type: string; readonly body: string | Buffer }>()
let sent = { media: 0, aboveFold: 0 }

const http = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://origin')
  const file = media.get(pathname)
  const document = documents.get(pathname)
  if (file !== undefined) sendFile(file, request, response)
  else if (document !== undefined) sendDocument(response, document)
  else response.writeHead(404).end()
})

// What the system has taken over may still wait for the link: to close such a connection would cut it off.
http.keepAliveTimeout = 0
http.headersTimeout = 0
http.requestTimeout = 0

answerQuestions(
  async (order: OriginOrder): Promise<OriginSent | null> => {
    if ('serve' in order) {
      const files = await makePost(order.serve.post)
      media = new Map(files.map((file) => [`${mediaPath}${file.name}`, file]))
      await new Promise<void>((resolve) => http.listen(originPort, order.serve.host, resolve))
      return null
    }
    if ('connect' in order) {
      const urls = [...media.keys()]
      const { assistance, worker } = order.connect
      const video = urls.at(-1) as string
      put('/', html, samplePage({ assistance, pictures: urls.slice(0, -1), video }))
      put('/worker.js', script, worker)
      return null
    }
    if ('rivals' in order) {
      const { origin, tracker } = order.rivals
      const files = [...media.values()]
      const announce = `http://${tracker}/announce`
      put(torrentPath, 'application/x-bittorrent', await makeTorrent(files, { origin, announce }))
      put(loaderPath, html, loaderPage(files, `ws://${tracker}`))
      put(loaderScriptPath, script, await readFile(mediaLoader))
      return null
    }
    const answer = sent
    sent = { media: 0, aboveFold: 0 }
    return answer
  },
  async () => {
    http.close()
  },
)

function put(path: string, type: string, body: string | Buffer): void {
  documents.set(path, { type, body })
}

function sendDocument(
  response: ServerResponse,
  { type, body }: { readonly type: string; readonly body: string | Buffer },
): void {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-cache' }).end(body)
}

/** The whole file, or the one range that was asked for. */
function sendFile(file: MediaFile, request: IncomingMessage, response: ServerResponse): void {
  const size = file.bytes.length
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const start = Number(first ?? 0)
  const end = last === undefined || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  const isPart = first !== undefined
  if (start > end) {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end()
    return
  }
  response.writeHead(isPart ? 206 : 200, {
    'Content-Type': file.type,
    'Content-Length': end - start + 1,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'max-age=3600',
    ...(isPart ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {}),
  })
  count(file, response)
  response.end(request.method === 'HEAD' ? undefined : file.bytes.subarray(start, end + 1))
}

/** Counts what the socket took: a reader may leave in the middle. */
function count({ isAboveFold }: MediaFile, response: ServerResponse): void {
  const { socket } = response
  if (socket === null) return
  const before = socket.bytesWritten
  response.once('close', () => {
    const bytes = socket.bytesWritten - before
    sent.media += bytes
    if (isAboveFold) sent.aboveFold += bytes
  })
}
