import {
  type Beacon,
  decodeBeacon,
  encodeBase64Url,
  encodeBeacon,
  encodePeerMessage,
  encodeTrackerMessage,
  type PeerMessage,
  type TrackerClientMessage,
  type TrackerErrorCode,
  type TrackerServerMessage,
} from '@peerpress/wire'
import type { PageCall, PageMessage, WorkerCall, WorkerMessage } from '@peerpress/visitor/port-message'
import type { PortChannel } from '../support/data/fixtures.ts'
import type { Recording } from './recording.ts'

const asset = '5a'.repeat(32)
const bytes = Uint8Array.from({ length: 64 }, (_, i) => i)
const peer = encodeBase64Url(bytes.subarray(0, 32))
const signature = encodeBase64Url(bytes)

/**
 * One message of every type, in the words of this release. What is named twice differs in a part that not every message
 * of its type has. TypeScript holds the lists to the unions.
 */
const peerMessages: Readonly<Record<PeerMessage['type'], readonly PeerMessage[]>> = {
  hello: [{ type: 'hello', version: 2, manifestVersion: 7 }],
  bitfield: [{ type: 'bitfield', asset, chunks: 11, bits: Uint8Array.of(0b1010_1010, 0b1110_0000) }],
  have: [{ type: 'have', asset, index: 10 }],
  request: [{ type: 'request', asset, index: 3 }],
  cancel: [{ type: 'cancel', asset, index: 3 }],
  reject: [
    { type: 'reject', asset, index: 3, reason: 'missing' },
    { type: 'reject', asset, index: 4, reason: 'busy' },
  ],
  frame: [
    { type: 'frame', asset, index: 3, offset: 0, length: 128, payload: bytes, signature: bytes },
    { type: 'frame', asset, index: 3, offset: 64, length: 128, payload: bytes },
  ],
  receipt: [{ type: 'receipt', bytes: 5_000_000_000, signature: bytes }],
  bye: [{ type: 'bye' }],
}

const toTracker: Readonly<Record<TrackerClientMessage['type'], readonly TrackerClientMessage[]>> = {
  join: [{ type: 'join', ticket: 'a.ticket.of-its-time', peer, signature }],
  want: [{ type: 'want', peers: 12 }],
  signal: [
    { type: 'signal', to: peer, signal: { kind: 'offer', sdp: 'v=0\r\n' } },
    { type: 'signal', to: peer, signal: { kind: 'answer', sdp: 'v=0\r\n' } },
    {
      type: 'signal',
      to: peer,
      signal: { kind: 'candidate', candidate: '', sdpMid: null, sdpMLineIndex: null },
    },
  ],
  accuse: [{ type: 'accuse', proof: { peer, asset, index: 3, hash: '00'.repeat(32), signature } }],
  claim: [{ type: 'claim', peer, bytes: 1_048_576, signature }],
  leave: [{ type: 'leave' }],
}

const errorCodes: Readonly<Record<TrackerErrorCode, string>> = {
  'bad-message': 'not a message',
  'bad-ticket': 'the ticket has expired',
  'not-joined': 'join first',
  'already-joined': 'you have joined',
  'rate-limited': 'too many messages',
  full: 'the swarm is full',
  'policy-changed': 'The site does not allow this any more.',
  banned: 'you are banned',
}

const toPeer: Readonly<Record<TrackerServerMessage['type'], readonly TrackerServerMessage[]>> = {
  welcome: [
    { type: 'welcome', iceServers: [] },
    {
      type: 'welcome',
      iceServers: [
        { urls: ['stun:127.0.0.1:3478'] },
        { urls: ['turn:127.0.0.1:3478?transport=udp'], username: 'reader', credential: 'open' },
      ],
      relayOnly: true,
    },
  ],
  swarm: [{ type: 'swarm', peers: 3 }],
  introduce: [
    { type: 'introduce', peer, role: 'offer' },
    { type: 'introduce', peer, role: 'answer', seed: true },
  ],
  signal: [
    { type: 'signal', from: peer, signal: { kind: 'offer', sdp: 'v=0\r\n' } },
    { type: 'signal', from: peer, signal: { kind: 'answer', sdp: 'v=0\r\n' } },
    {
      type: 'signal',
      from: peer,
      signal: { kind: 'candidate', candidate: '', sdpMid: '0', sdpMLineIndex: 0 },
    },
  ],
  left: [{ type: 'left', peer }],
  banned: [{ type: 'banned', peer }],
  error: Object.entries(errorCodes).map(([code, message]) => ({
    type: 'error',
    code: code as TrackerErrorCode,
    message,
  })),
}

const pageMessages: Readonly<Record<PageMessage['type'], PageMessage>> = {
  lead: { type: 'lead' },
  loaded: { type: 'loaded', asset },
  accept: { type: 'accept', demand: 1 },
  origin: { type: 'origin', demand: 1 },
  working: { type: 'working', demand: 1 },
  chunk: { type: 'chunk', demand: 1, index: 0, bytes, source: 'seed' },
  fallback: { type: 'fallback', demand: 1 },
  failed: { type: 'failed', demand: 1 },
}

/** `shown` and the call `page` carry a whole post: they are in every recording. */
const workerMessages: Readonly<Record<Exclude<WorkerMessage['type'], 'shown'>, WorkerMessage>> = {
  connected: { type: 'connected' },
  led: { type: 'led' },
  hung: { type: 'hung' },
  loaded: { type: 'loaded', asset },
  demand: { type: 'demand', demand: 1, asset, first: 0, last: 2, whole: true },
  'demand-ended': { type: 'demand-ended', demand: 1 },
  chunk: { type: 'chunk', asset, index: 0, bytes },
  taken: { type: 'taken', asset, at: 1_790_000_000_000 },
  bytes: { type: 'bytes', asset, start: 0, length: 65_536, source: 'mirror' },
  answered: { type: 'answered', asset, complete: true },
  fallback: { type: 'fallback', demand: 1 },
  wrong: { type: 'wrong', bytes: 65_536 },
}

const pageCalls: Readonly<Record<'saved' | 'alive', PageCall>> = {
  saved: { peerpress: 'saved', url: 'http://127.0.0.1/post/' },
  alive: { peerpress: 'alive' },
}

const workerCalls: Readonly<Record<WorkerCall['peerpress'], WorkerCall>> = {
  connect: { peerpress: 'connect' },
}

/** Adds what the recording has no example of, made by the encoders of this release. */
export function addEncodedExamples(recording: Recording): void {
  addPeerMessages(recording)
  addTrackerMessages(recording)
  addPortMessages(recording)
  addBeacons(recording)
}

function addPeerMessages(recording: Recording): void {
  for (const message of Object.values(peerMessages).flat()) {
    const base64 = Buffer.from(encodePeerMessage(message)).toString('base64')
    // Both reasons of `reject`, and a frame without a signature, are rare: they are always added.
    const isRare = message.type === 'reject' || message.type === 'frame'
    const isRecorded = recording.entries('peer-messages').some(({ type }) => type === message.type)
    if (isRecorded && !isRare) continue
    recording.add('peer-messages', `encoded ${message.type}`, { how: 'encoded', type: message.type, base64 })
  }
}

function addTrackerMessages(recording: Recording): void {
  const all = [
    ...Object.values(toTracker).flatMap((list) => list.map((message) => ['tracker', message] as const)),
    ...Object.values(toPeer).flatMap((list) => list.map((message) => ['peer', message] as const)),
  ]
  const recorded = new Set(
    recording
      .entries('tracker-messages')
      .map(({ to, text }) => `${to} ${kindOf(JSON.parse(text) as TrackerServerMessage)}`),
  )
  for (const [to, message] of all) {
    const kind = `${to} ${kindOf(message)}`
    if (recorded.has(kind)) continue
    const entry = { how: 'encoded', to, text: encodeTrackerMessage(message), at: 0, address: null } as const
    recording.add('tracker-messages', `encoded ${kind}`, entry)
  }
}

/** A type, and what tells its variants apart. */
function kindOf(message: TrackerClientMessage | TrackerServerMessage): string {
  const { type, code, signal, seed, relayOnly } = message as {
    readonly type: string
    readonly code?: string
    readonly signal?: { readonly kind: string }
    readonly seed?: boolean
    readonly relayOnly?: boolean
  }
  return [type, code, signal?.kind, seed, relayOnly].join(' ')
}

function addPortMessages(recording: Recording): void {
  const lists: readonly (readonly [PortChannel, readonly object[]])[] = [
    ['page', Object.values(pageMessages)],
    ['worker', Object.values(workerMessages)],
    ['page-call', Object.values(pageCalls)],
    ['worker-call', Object.values(workerCalls)],
  ]
  for (const [channel, messages] of lists) {
    const recorded = new Set(
      recording
        .entries('port-messages')
        .filter((entry) => entry.channel === channel)
        .map(({ message }) => typeOf(message as object)),
    )
    for (const message of messages.filter((each) => !recorded.has(typeOf(each)))) {
      recording.add('port-messages', `encoded ${channel} ${typeOf(message)}`, {
        how: 'encoded',
        channel,
        message: JSON.parse(JSON.stringify(message, withBytes)) as object,
      })
    }
  }
}

function typeOf(message: object): string {
  const { type, peerpress } = message as { readonly type?: string; readonly peerpress?: string }
  return type ?? peerpress ?? ''
}

function withBytes(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value
}

/** What a beacon of this release may leave out. */
const optionalFields: readonly string[] = [
  'sampling',
  'automated',
  'hidden',
  'campaign',
  'session',
  'attribution',
  'timing',
  'resources',
  'longFrames',
  'errors',
  'actions',
  'events',
  'playback',
] satisfies readonly (keyof Beacon)[]

/** The SDK sends one beacon a request; scripts of other makers send lists, and what they need not say is left out. */
function addBeacons(recording: Recording): void {
  const beacons = recording.entries('beacons').map(({ body }) => decodeBeacon(body))
  const full = beacons.find(({ campaign }) => campaign !== null) ?? beacons[0]
  if (full === undefined) throw new Error('no beacon was recorded')
  const least = Object.fromEntries(Object.entries(full).filter(([name]) => !optionalFields.includes(name)))
  const examples = {
    'with everything': encodeBeacon({
      ...full,
      sampling: 0.5,
      automated: false,
      hidden: false,
      longFrames: { count: 2, duration: 180.5, blocking: 80.25 },
      errors: {
        scripts: 1,
        resources: 1,
        samples: [
          { kind: 'script', text: 'Error: no', source: 'http://127.0.0.1/script.js', line: 12 },
          { kind: 'rejection', text: 'undefined', source: null, line: null },
          { kind: 'resource', text: 'img', source: 'http://127.0.0.1/missing.png', line: null },
        ],
      },
      events: [
        { name: 'signup', count: 1, value: null },
        { name: 'order', count: 2, value: 19.98 },
      ],
      playback: { played: 5000, stalled: 250.5, stalls: 1 },
    }),
    'with the required fields': JSON.stringify(least),
    'a list': JSON.stringify(beacons.slice(0, 3)),
  }
  for (const [type, body] of Object.entries(examples)) {
    const contentType = 'application/json'
    recording.add('beacons', type, { how: 'encoded', body, contentType, status: null })
  }
}
