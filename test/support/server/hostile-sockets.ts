import { connect, type Socket } from 'node:net'

/** Numbers from 0 up to 1. */
export type Random = () => number

/** What a hostile client knows of the server that it attacks. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly siteId: string
  readonly origin: string
}

/** How a client ends a connection once it has sent its bytes. */
const endings = ['wait', 'half-close', 'destroy', 'reset'] as const

/**
 * Sends `count` malformed things over raw sockets, `atOnce` of them at a time: each `send` opens connections of its own
 * and resolves when they are closed on this side.
 */
export async function repeatedly(
  count: number,
  atOnce: number,
  send: (n: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await send(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** Sends one request whose bytes are damaged somewhere, or whose target, method, headers or body make no sense. */
export function sendMalformedRequest(target: Target, random: Random): Promise<void> {
  const damagedBytes = damaged(Buffer.from(pick(requests(target), random), 'latin1'), random)
  return exchange(target, random, damagedBytes)
}

/** Asks for a WebSocket in a way that makes no sense, or resets the connection while it is answered. */
export function sendMalformedUpgrade(target: Target, random: Random): Promise<void> {
  const head = pick(upgradeHeads(target), random)
  const bytes = random() < 0.5 ? Buffer.from(head, 'latin1') : damaged(Buffer.from(head, 'latin1'), random)
  return exchange(target, random, bytes)
}

/** Opens a WebSocket and sends `count` frames that break the protocol or carry nonsense, as long as it stays open. */
export async function sendMalformedFrames(target: Target, random: Random, count: number): Promise<void> {
  const socket = open(target, random)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const upgraded = new Promise<void>((resolve) => socket.once('data', () => resolve()))
  socket.write(upgradeHead('/v1/tracker', target))
  await Promise.race([upgraded, closed])
  for (let i = 0; i < count && !socket.destroyed; i++) {
    if (!socket.write(pick(frames, random)(random))) {
      await Promise.race([new Promise<void>((resolve) => socket.once('drain', () => resolve())), closed])
    }
  }
  finish(socket, pick(endings, random))
  await closed
}

async function exchange(target: Target, random: Random, bytes: Buffer): Promise<void> {
  const socket = open(target, random)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const answered = new Promise<void>((resolve) => socket.once('data', () => resolve()))
  // In two pieces, so that the server sees a part of a message first.
  const cut = Math.floor(random() * bytes.length)
  socket.write(bytes.subarray(0, cut))
  const ending = pick(endings, random)
  socket.write(bytes.subarray(cut), () => {
    if (ending !== 'wait') finish(socket, ending)
  })
  if (ending === 'wait') {
    // An incomplete request is never answered; its client closes its side.
    socket.end()
    await Promise.race([answered, closed])
    socket.destroy()
  }
  await closed
}

function finish(socket: Socket, ending: (typeof endings)[number]): void {
  if (ending === 'reset') socket.resetAndDestroy()
  else if (ending === 'destroy') socket.destroy()
  else socket.end()
}

/** A connection from one of many networks of the loopback range, so that no limit of one network ends the test. */
function open({ host, port }: Target, random: Random): Socket {
  const localAddress = `127.${between(1, 250, random)}.${between(0, 250, random)}.1`
  const socket = connect({ host, port, localAddress })
  socket.on('error', () => undefined)
  socket.resume()
  return socket
}

function requests({ siteId, origin }: Target): readonly string[] {
  const host = 'Host: 127.0.0.1\r\n'
  const post = (path: string, body: string, headers = '') =>
    `POST ${path} HTTP/1.1\r\n${host}${headers}Content-Length: ${body.length}\r\n\r\n${body}`
  const chunked = (path: string, chunks: readonly string[], headers = '') =>
    `POST ${path} HTTP/1.1\r\n${host}${headers}Transfer-Encoding: chunked\r\n\r\n${chunks
      .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
      .join('')}0\r\n\r\n`
  const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\n${host}${headers}\r\n`
  const beacon = JSON.stringify({ version: 1, site: siteId, view: 'x', sequence: 1, url: `${origin}/` })
  return [
    post('/v1/beacon', beacon, `Origin: ${origin}\r\n`),
    post('/v1/beacon', `[${Array.from({ length: 60 }, () => beacon).join()}]`, `Origin: ${origin}\r\n`),
    post('/v1/beacon', '['.repeat(20_000)),
    post('/v1/beacon', '\u001f\u008b\u0008', 'Content-Encoding: gzip\r\n'),
    chunked('/v1/beacon', beacon.split('')),
    chunked(
      `/v1/sites/${siteId}/events`,
      Array.from({ length: 500 }, () => 'x'),
    ),
    post(
      `/v1/sites/${siteId}/events`,
      '{}',
      'webhook-id: a\r\nwebhook-timestamp: 1\r\nwebhook-signature: v1,\r\n',
    ),
    post('/v1/sites/%00/events', '{}'),
    post('/graphql', '{"query":"{__typename}","variables":[]}', 'Content-Type: application/json\r\n'),
    post('/graphql', '{"query":', 'Content-Type: application/json\r\n'),
    chunked(
      '/graphql',
      Array.from({ length: 300 }, () => '{'),
      'Content-Type: application/json\r\n',
    ),
    get('/graphql?query={__typename}&variables={'),
    post('/v1/connect', '{"code":"\\u0000"}', 'Content-Type: application/json\r\n'),
    post('/connect', 'a&'.repeat(3000), 'Content-Type: application/x-www-form-urlencoded\r\n'),
    get('/connect?__proto__=x&url[]=1&url=http://a;b/&return=http://a;b/'),
    get(`/v1/ticket?site=${siteId}&post=.`, `Origin: ${origin}\r\n`),
    get(`/v1/ticket?site=${siteId}&post=a&site=b`, 'X-Forwarded-For: ,,,unknown:99999\r\n'),
    get('/v1/sites/%00/posts/%00/manifest'),
    get('/v1/sites/%ed%a0%80/posts/../manifest'),
    get(`/v1/mirror/${'0'.repeat(64)}`, 'Range: bytes=5-4,-0,a-b\r\n'),
    get('/v1/mirror/%zz'),
    get('//'),
    get('/\\evil.example/..'),
    get('http://['),
    get('*'),
    `GET / HTTP/1.1\r\nHost: a b\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`,
    get('/healthz', 'Connection: Upgrade\r\nUpgrade: h2c\r\n'),
    get('/', `Cookie: ${'a=b;'.repeat(2000)}\r\n`),
    get('/', 'X: y\r\n'.repeat(3000)),
    get(`/${'a'.repeat(20_000)}`),
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    `CONNECT 127.0.0.1:80 HTTP/1.1\r\n${host}\r\n`,
    `OPTIONS /v1/beacon HTTP/1.1\r\n${host}\r\n`,
  ]
}

function upgradeHeads(target: Target): readonly string[] {
  const head = (path: string) => upgradeHead(path, target)
  return [
    ...[
      '//',
      '//[',
      '///',
      '//:0',
      'http://',
      '*',
      '/nothing',
      '/v1/tracker',
      '/v1/tracker?x',
      '/graphql',
    ].map(head),
    head('/v1/tracker').replace('Version: 13', 'Version: 99'),
    head('/v1/tracker').replace(/Key: \S+/, 'Key: x'),
    head('/v1/tracker').replace('GET', 'POST'),
    head('/v1/tracker').replace('Upgrade: websocket', 'Upgrade: websocket, h2c'),
    `${head('/v1/tracker').slice(0, -2)}Sec-WebSocket-Protocol: ,,;\r\n\r\n`,
    `${head('/v1/tracker').slice(0, -2)}Sec-WebSocket-Extensions: permessage-deflate; x=\u0001\r\n\r\n`,
  ]
}

function upgradeHead(path: string, { host }: Target): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`
}

const messages = [
  '{',
  '{}',
  'null',
  '[]',
  '{"type":"join","ticket":"a.b.c","peer":"x","signature":"y"}',
  '{"type":"want","peers":1e9}',
  '{"type":"signal","to":"x","signal":null}',
  '{"type":"accuse","proof":{}}',
  '{"type":"claim","peer":"__proto__","bytes":-1}',
  '['.repeat(5000),
  '\u0000',
]

const frames: readonly ((random: Random) => Buffer)[] = [
  (random) => frame(Buffer.from(pick(messages, random)), { opcode: 1 }),
  (random) => frame(Buffer.from(pick(messages, random)), { opcode: 1, isFinal: false }),
  (random) => frame(randomBytes(between(0, 200, random), random), { opcode: between(0, 15, random) }),
  (random) =>
    frame(randomBytes(between(0, 200, random), random), { opcode: 1, reserved: between(0, 7, random) }),
  (random) => frame(randomBytes(between(0, 200, random), random), { opcode: between(8, 10, random) }),
  (random) => frame(Buffer.from('x'), { opcode: 0, isFinal: random() < 0.1 }),
  () => Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
  () => Buffer.from([0x81, 0x02, 0x7b, 0x7d]),
  (random) => randomBytes(between(1, 300, random), random),
]

/** A masked frame of a client (RFC 6455 section 5.2) with a mask of zeros. */
function frame(
  payload: Buffer,
  {
    opcode,
    isFinal = true,
    reserved = 0,
  }: { readonly opcode: number; readonly isFinal?: boolean; readonly reserved?: number },
): Buffer {
  const length =
    payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255]
  return Buffer.concat([
    Buffer.from([(isFinal ? 0x80 : 0) | (reserved << 4) | opcode, ...length, 0, 0, 0, 0]),
    payload,
  ])
}

/** The bytes with one part flipped, cut out, doubled or filled in. */
function damaged(from: Buffer, random: Random): Buffer {
  const at = between(0, from.length - 1, random)
  const length = between(1, 20, random)
  const [before, part, after] = [
    from.subarray(0, at),
    from.subarray(at, at + length),
    from.subarray(at + length),
  ]
  switch (between(0, 4, random)) {
    case 0:
      return Buffer.concat([before, randomBytes(length, random), after])
    case 1:
      return Buffer.concat([before, after])
    case 2:
      return Buffer.concat([before, part, part, part, after])
    case 3:
      return Buffer.concat([before, randomBytes(length, random), part, after])
    default:
      return before
  }
}

function randomBytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => between(0, 255, random)))
}

/** A whole number from `least` to `most`, both included. */
function between(least: number, most: number, random: Random): number {
  return least + Math.floor(random() * (most - least + 1))
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[between(0, from.length - 1, random)] as T
}
