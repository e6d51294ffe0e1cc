import {
  choiceField,
  countField,
  expect,
  fieldsOf,
  listField,
  patternField,
  textField,
} from '../encoding/fields.ts'
import type { PeerId } from '../ids.ts'
import { parseJson } from '../encoding/parse-json.ts'
import { keyPattern } from '../patterns.ts'
import { type Signal, signalField } from './signal.ts'

/**
 * Maximum length of a message from the tracker, characters of JSON. It must fit a full list of ICE servers and every
 * signal that the tracker accepts (`from` is longer than `to`).
 */
export const maxTrackerServerMessageLength = 32 * 1024

/** A STUN or TURN server, in the form that `RTCPeerConnection` accepts. */
export interface IceServer {
  readonly urls: string[]
  readonly username?: string
  readonly credential?: string
}

const errorCodes = [
  'bad-message',
  'bad-ticket',
  'not-joined',
  'already-joined',
  'rate-limited',
  'full',
  'banned',
  'policy-changed',
] as const
/** The reason why the tracker refused a message. */
export type TrackerErrorCode = (typeof errorCodes)[number]

/** A message from the tracker to a peer. */
export type TrackerServerMessage =
  /** `relayOnly`: connections use a TURN server only, so that no peer learns another peer's address. */
  | { readonly type: 'welcome'; readonly iceServers: readonly IceServer[]; readonly relayOnly?: true }
  /**
   * The approximate number of peers in the swarm, including the recipient. Sent after `welcome` and after each `want`.
   */
  | { readonly type: 'swarm'; readonly peers: number }
  /**
   * Sent to both peers of a match. The peer with role `offer` opens the connection. `seed`: the other peer is a seed of
   * the site.
   */
  | {
      readonly type: 'introduce'
      readonly peer: PeerId
      readonly role: 'offer' | 'answer'
      readonly seed?: true
    }
  | { readonly type: 'signal'; readonly from: PeerId; readonly signal: Signal }
  | { readonly type: 'left'; readonly peer: PeerId }
  /**
   * Peers connected to this peer close the connection. Either the peer was proven to have sent a wrong chunk, or the
   * site's policy no longer admits one of the two.
   */
  | { readonly type: 'banned'; readonly peer: PeerId }
  | { readonly type: 'error'; readonly code: TrackerErrorCode; readonly message: string }

/**
 * Decodes a message from the tracker. Returns null for a type of a later release, which the receiver ignores.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeTrackerServerMessage(text: string): TrackerServerMessage | null {
  const value = parseJson(text, maxTrackerServerMessageLength)
  const type = (value as { readonly type?: unknown } | null)?.type
  switch (type) {
    case 'welcome': {
      const { iceServers, relayOnly } = fieldsOf(value, ['type', 'iceServers'])
      return {
        type,
        iceServers: listField(iceServers, 'iceServers', [0, 8, iceServerField]),
        ...(relayOnly === undefined ? {} : { relayOnly: choiceField(relayOnly, 'relayOnly', [true]) }),
      }
    }
    case 'swarm': {
      const { peers } = fieldsOf(value, ['type', 'peers'])
      return { type, peers: countField(peers, 'peers', [1, Number.MAX_SAFE_INTEGER]) }
    }
    case 'introduce': {
      const { peer, role, seed } = fieldsOf(value, ['type', 'peer', 'role'])
      return {
        type,
        peer: keyOf(peer),
        role: choiceField(role, 'role', ['offer', 'answer']),
        ...(seed === undefined ? {} : { seed: choiceField(seed, 'seed', [true]) }),
      }
    }
    case 'signal': {
      const { from, signal } = fieldsOf(value, ['type', 'from', 'signal'])
      return { type, from: keyOf(from), signal: signalField(signal) }
    }
    case 'left':
    case 'banned':
      return { type, peer: keyOf(fieldsOf(value, ['type', 'peer']).peer) }
    case 'error': {
      const fields = fieldsOf(value, ['type', 'code', 'message'])
      return {
        type,
        code: choiceField(fields.code, 'code', errorCodes),
        message: textField(fields.message, 'message', 512),
      }
    }
    default:
      expect(typeof type === 'string', 'type')
      return null
  }
}

function iceServerField(value: unknown, path: string): IceServer {
  const { urls, username, credential } = fieldsOf(value, ['urls'])
  return {
    urls: listField(urls, `${path}.urls`, [1, 8, addressField]),
    ...(username === undefined ? {} : { username: addressField(username, `${path}.username`) }),
    ...(credential === undefined ? {} : { credential: addressField(credential, `${path}.credential`) }),
  }
}

function addressField(value: unknown, path: string): string {
  return textField(value, path, 256)
}

function keyOf(value: unknown): PeerId {
  return patternField(value, 'peer', keyPattern)
}
