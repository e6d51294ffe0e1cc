import * as v from 'valibot'
import { peerIdSchema } from './ids.ts'
import { decodeJson } from './json.ts'

/** The longest message to the tracker, characters of JSON. Chromium's data-channel-only offers are about 600. */
export const maxTrackerMessageLength = 16 * 1024

/**
 * The longest message from the tracker, characters of JSON: a full list of ICE servers, and every signal the
 * tracker was allowed to read, must fit (`from` is longer than `to`).
 */
export const maxTrackerServerMessageLength = 32 * 1024

const textUpTo = (max: number) => v.pipe(v.string(), v.maxLength(max))

/** What two peers tell each other through the tracker to open a connection (RFC 8829, RFC 8838 trickle ICE). */
const signalSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('offer'), sdp: textUpTo(12_000) }),
  v.strictObject({ kind: v.literal('answer'), sdp: textUpTo(12_000) }),
  v.strictObject({
    kind: v.literal('candidate'),
    /** Empty when the sender has no more candidates. */
    candidate: textUpTo(1024),
    sdpMid: v.nullable(textUpTo(64)),
    sdpMLineIndex: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64))),
  }),
])
export type Signal = v.InferOutput<typeof signalSchema>

const clientMessageSchema = v.variant('type', [
  /** First message of a connection. */
  v.strictObject({ type: v.literal('join'), ticket: textUpTo(2048) }),
  /** Asks for introductions to up to `peers` more peers. */
  v.strictObject({
    type: v.literal('want'),
    peers: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(12)),
  }),
  v.strictObject({ type: v.literal('signal'), to: peerIdSchema, signal: signalSchema }),
  v.strictObject({ type: v.literal('leave') }),
])
/** What a peer says to the tracker. */
export type TrackerClientMessage = v.InferOutput<typeof clientMessageSchema>

const iceServerSchema = v.strictObject({
  urls: v.pipe(v.array(textUpTo(256)), v.minLength(1), v.maxLength(8)),
  username: v.optional(textUpTo(256)),
  credential: v.optional(textUpTo(256)),
})
/** A STUN or TURN server as `RTCPeerConnection` takes it. */
export type IceServer = v.InferOutput<typeof iceServerSchema>

const trackerErrorCodes = [
  'bad-message',
  'bad-ticket',
  'not-joined',
  'already-joined',
  'rate-limited',
  'full',
] as const
export type TrackerErrorCode = (typeof trackerErrorCodes)[number]

const serverMessageSchema = v.variant('type', [
  v.strictObject({
    type: v.literal('welcome'),
    peer: peerIdSchema,
    iceServers: v.pipe(v.array(iceServerSchema), v.maxLength(8)),
  }),
  /** About so many peers are in the swarm, the one that is told included. Said after `welcome` and after each `want`. */
  v.strictObject({ type: v.literal('swarm'), peers: v.pipe(v.number(), v.integer(), v.minValue(1)) }),
  /** Both sides of a match hear of it; the one with role `offer` opens. */
  v.strictObject({
    type: v.literal('introduce'),
    peer: peerIdSchema,
    role: v.picklist(['offer', 'answer']),
    /** The other one is a seed of the site's. */
    seed: v.optional(v.literal(true)),
  }),
  v.strictObject({ type: v.literal('signal'), from: peerIdSchema, signal: signalSchema }),
  v.strictObject({ type: v.literal('left'), peer: peerIdSchema }),
  v.strictObject({ type: v.literal('error'), code: v.picklist(trackerErrorCodes), message: textUpTo(512) }),
])
/** What the tracker says to a peer. */
export type TrackerServerMessage = v.InferOutput<typeof serverMessageSchema>

/** One WebSocket text message. */
export function encodeTrackerMessage(message: TrackerClientMessage | TrackerServerMessage): string {
  return JSON.stringify(message)
}

/** @throws {WireError} `too-large`, `malformed` or `invalid`. */
export function decodeTrackerClientMessage(text: string): TrackerClientMessage {
  return decodeJson(clientMessageSchema, text, maxTrackerMessageLength)
}

/** @throws {WireError} `too-large`, `malformed` or `invalid`. */
export function decodeTrackerServerMessage(text: string): TrackerServerMessage {
  return decodeJson(serverMessageSchema, text, maxTrackerServerMessageLength)
}
