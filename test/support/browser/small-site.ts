import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createTracker, type Tracker, type TrackerOptions } from '@peerpress/tracker'
import {
  type Asset,
  chunkHash,
  chunkSizeFor,
  encodeEnvelope,
  encodeLease,
  encodeManifest,
  encodeMirrors,
  isAdmitted,
  leasePayloadType,
  manifestPayloadType,
  mirrorsHeader,
  type PageConfig,
  pageConfigElementId,
  type Policy,
  preAuthEncoding,
  type Snapshot,
} from '@peerpress/wire'
import { answering } from '../server/answering.ts'

const dist = new URL('../../../packages/visitor/dist/', import.meta.url)
const site = 'visitortestsite1'
const post = '1'

/** A file of the site's media. */
export interface Media {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

/** An origin with one post, and the PeerPress server's page-facing routes with the real tracker. */
export interface SmallSite {
  /** URL of the post. */
  readonly url: string
  /** Origin of the PeerPress server. */
  readonly serverUrl: string
  /** Another origin that has the media and lets any page read them. */
  readonly cdnUrl: string
  /** Requests that it got: the path, and the `Origin` that each named. */
  readonly cdnRequests: (readonly [path: string, origin: string | undefined])[]
  /** Requests the origin answered, by path. */
  readonly requests: Map<string, number>
  /** Bytes of media the origin sent, by path. */
  readonly sent: Map<string, number>
  readonly tracker: Tracker
  /** What the next pages' configuration differs in. */
  config: Partial<PageConfig>
  /** The policy that the server has recorded, which `config` may differ from as an old page does. */
  policy: Policy
  /** HTML of the next pages' body. */
  body: string
  /** Asked first for every request to the origin; answers itself when it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean
  /** ms that the worker may stay after the last ticket, by which key; null: the site's own. */
  leaseLength: number
  leaseKey: KeyObject | null
  /** Whom tickets are for; null: who asks. */
  ticketAddress: string | null
  /** Why the server gives no ticket; null: it gives one. */
  ticketRefusal: { readonly status: number; readonly code: string; readonly detail: string } | null
  /** Whether the server has copies of the media; by default it has none. */
  hasMirror: boolean
  /** Other mirrors that the server names, by their path on it, and what each answers: the copies, or a status. */
  mirrors: Readonly<Record<string, 'copies' | number>>
  /** Paths of the server that pages asked for. */
  readonly serverRequests: string[]
  /** The envelope that readers get from now on. */
  envelope: string
  /**
   * From now on the manifest names the page as it is served now, with these policies, and the server has its copy, or
   * with `copy` something else in its place.
   */
  publishPage(change?: {
    readonly version?: number
    readonly headers?: Snapshot['headers']
    readonly copy?: string
  }): void
  /** From now on the manifest says that the post is not public any more. */
  revoke(version: number): void
  /** Has nobody answer at the origin's address. */
  killOrigin(): Promise<void>
  /** Has the origin answer again. */
  reviveOrigin(): Promise<void>
  /** An envelope about the same media, of the post unless of another, signed with the site's key unless with another. */
  sign(manifest: SignedManifest): string
  /** Stops everything but the origin, as a crash would. */
  killServer(): Promise<void>
  close(): Promise<void>
}

/** In what a manifest differs. */
export interface SignedManifest {
  readonly version?: number
  readonly key?: KeyObject
  readonly post?: string
  /** Names of the media that are on the other origin. */
  readonly onCdn?: readonly string[]
  /** `Content-Disposition` of what is no picture. */
  readonly disposition?: string
}

/** What a site's tracker tells. */
export type SmallSiteOptions = Partial<Pick<TrackerOptions, 'maxPeersPerRoom' | 'iceServers' | 'relayOnly'>>

/** Starts a site whose post's HTML has this body and whose manifest lists all media. */
export async function startSmallSite(
  media: readonly Media[],
  body: string,
  { maxPeersPerRoom = 100, iceServers = [], relayOnly = false }: SmallSiteOptions = {},
): Promise<SmallSite> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const siteKey = publicKey.export({ format: 'jwk' }).x ?? ''
  const files = new Map(media.map((file) => [`/media/${file.name}`, file]))
  const copies = new Map(media.map((file) => [`/v1/mirror/${assetOf(file, '').id}`, file]))
  const published = new Map(media.map((file) => assetOf(file, '')).map((asset) => [asset.id, asset]))
  const tracker = createTracker({
    ticketKey: randomBytes(32),
    iceServers,
    relayOnly,
    maxPeersPerRoom,
    chunkHash: async (id, index) => {
      const asset = published.get(id)
      return asset === undefined ? null : chunkHash(asset, index)
    },
    policies: async (sites) => new Map(sites.map((id) => [id, small.policy])),
  })
  const requests = new Map<string, number>()
  const sent = new Map<string, number>()
  const serverRequests: string[] = []
  const origin = createServer(answerAsOrigin)
  const server = createServer(answering(answerAsServer))
  server.on('upgrade', (request, socket, head) => {
    tracker.upgrade(request, socket, head, (socket as Socket).remoteAddress ?? '')
  })
  const cdnRequests: (readonly [path: string, origin: string | undefined])[] = []
  const cdn = createServer(answerAsCdn)
  const cdnUrl = await listen(cdn)
  const originUrl = await listen(origin)
  const serverUrl = await listen(server)
  const small: SmallSite = {
    url: `${originUrl}/post/`,
    serverUrl,
    cdnUrl,
    cdnRequests,
    requests,
    sent,
    serverRequests,
    tracker,
    config: {},
    policy: { mode: 'full', consent: 'assumed' },
    body,
    intercept: () => false,
    leaseLength: 60_000,
    leaseKey: null,
    ticketAddress: null,
    ticketRefusal: null,
    hasMirror: false,
    mirrors: {},
    envelope: '',
    sign: ({ version = 1, key = privateKey, post: of = post, onCdn = [], disposition }) =>
      envelopeOf(media, { originUrl, version, key, post: of, cdnUrl, onCdn, disposition }),
    publishPage({ version = 1, headers = {}, copy } = {}) {
      small.config = { snapshot: { script: `${serverUrl}/v1/snapshot.js` }, ...small.config }
      const page = Buffer.from(html())
      const id = sha256(sha256(page)).toString('hex')
      const type = 'application/octet-stream'
      copies.set(`/v1/mirror/${id}`, { name: id, type, bytes: Buffer.from(copy ?? page) })
      small.hasMirror = true
      const bodyStart = page.indexOf('<body>') + '<body>'.length
      const snapshot = { id, size: page.length, body: bodyStart, headers }
      small.envelope = envelopeOf(media, { originUrl, version, key: privateKey, snapshot })
    },
    revoke(version) {
      small.envelope = envelopeOf([], { originUrl, version, key: privateKey, revoked: true })
    },
    killOrigin: () => stop(origin),
    async reviveOrigin() {
      await listen(origin, Number(new URL(originUrl).port))
    },
    async killServer() {
      await Promise.all([tracker.close(), stop(server)])
    },
    async close() {
      await Promise.all([tracker.close(), stop(server), stop(origin), stop(cdn)])
    },
  }
  small.envelope = small.sign({})
  return small

  function answerAsOrigin(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'http://origin').pathname
    requests.set(path, (requests.get(path) ?? 0) + 1)
    if (small.intercept(request, response)) return
    const file = files.get(path)
    if (path === '/post/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8')
      response.end(html())
    } else if (path === '/worker.js') {
      response.setHeader('Service-Worker-Allowed', '/')
      answering(() => sendScript(response, 'worker.js'))(request, response)
    } else if (file) {
      sent.set(path, (sent.get(path) ?? 0) + sendFile(request, response, file))
    } else {
      response.writeHead(404).end()
    }
  }

  function answerAsCdn(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'http://cdn').pathname
    const file = files.get(path)
    cdnRequests.push([path, request.headers.origin])
    response.setHeader('Access-Control-Allow-Origin', '*')
    if (file) sendFile(request, response, file)
    else response.writeHead(404).end()
  }

  async function answerAsServer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*')
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://server')
    serverRequests.push(path)
    if (path === '/v1/visitor.js') await sendScript(response, 'loader.js')
    else if (path === '/v1/swarm.js') await sendScript(response, 'swarm.js')
    else if (path === '/v1/notice.js') await sendScript(response, 'notice.js')
    else if (path === '/v1/snapshot.js') await sendScript(response, 'snapshot.js')
    else if (path.endsWith('/manifest')) {
      const mirrors = Object.keys(small.mirrors).map((mirror) => serverUrl + mirror)
      response.setHeader('Access-Control-Expose-Headers', mirrorsHeader)
      response.setHeader(mirrorsHeader, encodeMirrors(mirrors))
      response.end(small.envelope)
    } else if (sendFromMirror(path, request, response)) return
    else if (small.hasMirror && copies.has(path)) {
      response.setHeader('Access-Control-Allow-Headers', 'Range')
      response.setHeader('Access-Control-Expose-Headers', 'Content-Range')
      sendFile(request, response, copies.get(path) as Media)
    } else if (path === '/v1/ticket') {
      const address = small.ticketAddress ?? request.socket.remoteAddress ?? ''
      const seedsOnly = searchParams.get('meet') === 'seeds'
      const isSeed = request.headers.authorization !== undefined
      const { mode, consent } = Object.fromEntries(searchParams) as Partial<Policy>
      const stated = { mode: mode ?? 'full', consent: consent ?? 'assumed' } as const
      response.setHeader('Content-Type', 'application/json')
      if (small.ticketRefusal !== null) {
        response.writeHead(small.ticketRefusal.status).end(JSON.stringify(small.ticketRefusal))
        return
      }
      if (!isSeed && !isAdmitted(stated, small.policy)) {
        response.writeHead(403).end(JSON.stringify({ code: 'policy-changed' }))
        return
      }
      const ticket = await tracker.issueTicket({
        site,
        post: searchParams.get('post') ?? post,
        address,
        isSeed,
        seedsOnly,
        policy: stated,
      })
      response.end(
        JSON.stringify({ ticket, lease: leaseFor(small.leaseLength, small.leaseKey ?? privateKey) }),
      )
    } else response.writeHead(404).end()
  }

  /** Returns whether the path is in one of the mirrors that the server names. */
  function sendFromMirror(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    const [mirror, answer] = Object.entries(small.mirrors).find(([prefix]) => path.startsWith(prefix)) ?? []
    if (mirror === undefined) return false
    const copy = answer === 'copies' && copies.get(path.replace(mirror, '/v1/mirror/'))
    response.setHeader('Access-Control-Expose-Headers', 'Content-Range')
    if (copy) sendFile(request, response, copy)
    else response.writeHead(typeof answer === 'number' ? answer : 404).end()
    return true
  }

  function html(): string {
    const config: PageConfig = {
      site,
      post,
      server: serverUrl,
      key: siteKey,
      mode: 'full',
      consent: 'assumed',
      control: 0,
      worker: '/worker.js',
      notice: { script: `${serverUrl}/v1/notice.js` },
      scripts: { rum: `${serverUrl}/v1/rum.js`, swarm: `${serverUrl}/v1/swarm.js` },
      ...small.config,
    }
    return `<!doctype html><html lang="en"><title>A post</title>
<script type="application/json" id="${pageConfigElementId}">${JSON.stringify(config)}</script>
<script defer src="${serverUrl}/v1/visitor.js"></script>
<body>${small.body}</body></html>`
  }
}

function leaseFor(length: number, key: KeyObject): string {
  const payload = encodeLease({ site, issuedAt: Date.now(), length })
  return envelope(leasePayloadType, payload, key)
}

function envelopeOf(
  media: readonly Media[],
  {
    originUrl,
    version,
    key,
    revoked = false,
    snapshot,
    post: of = post,
    cdnUrl,
    onCdn = [],
    disposition,
  }: {
    readonly cdnUrl?: string
    readonly onCdn?: readonly string[]
    readonly disposition?: string | undefined
    readonly originUrl: string
    readonly version: number
    readonly key: KeyObject
    readonly revoked?: boolean
    readonly snapshot?: Snapshot
    readonly post?: string
  },
): string {
  const payload = encodeManifest({
    site,
    post: of,
    version,
    issuedAt: Date.now(),
    url: `${originUrl}/post/`,
    revoked,
    assets: media.map((file) => ({
      ...assetOf(file, `${onCdn.includes(file.name) ? cdnUrl : originUrl}/media/${file.name}`),
      ...(disposition !== undefined && !file.type.startsWith('image/') && { disposition }),
    })),
    ...(snapshot && { snapshot }),
  })
  return envelope(manifestPayloadType, payload, key)
}

function envelope(payloadType: string, payload: Uint8Array<ArrayBuffer>, key: KeyObject): string {
  const signature = sign(null, preAuthEncoding(payloadType, payload), key)
  return encodeEnvelope({
    payloadType,
    payload,
    signatures: [{ keyId: 'test', bytes: Uint8Array.from(signature) }],
  })
}

function assetOf({ type, bytes }: Media, url: string): Asset {
  const chunkSize = chunkSizeFor(bytes.length)
  const hashes: Buffer[] = []
  for (let start = 0; start < bytes.length; start += chunkSize) {
    hashes.push(sha256(bytes.subarray(start, start + chunkSize)))
  }
  const all = Buffer.concat(hashes)
  return {
    id: sha256(all).toString('hex'),
    url,
    type,
    size: bytes.length,
    chunkSize,
    hashes: Uint8Array.from(all),
  }
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}

/** Returns the bytes sent. */
function sendFile(request: IncomingMessage, response: ServerResponse, { type, bytes }: Media): number {
  response.setHeader('Content-Type', type)
  response.setHeader('Accept-Ranges', 'bytes')
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (!match) {
    response.end(bytes)
    return bytes.length
  }
  const start = Number(match[1])
  const end = match[2] ? Math.min(Number(match[2]), bytes.length - 1) : bytes.length - 1
  response.writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${bytes.length}` })
  response.end(bytes.subarray(start, end + 1))
  return end - start + 1
}

async function sendScript(response: ServerResponse, name: string): Promise<void> {
  response.setHeader('Content-Type', 'text/javascript')
  response.end(await readFile(new URL(name, dist)))
}

async function listen(server: Server, port = 0): Promise<string> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
