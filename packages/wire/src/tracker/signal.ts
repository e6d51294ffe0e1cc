import { choiceField, countField, fieldsOf, textField } from '../encoding/fields.ts'

/** A message that two peers exchange through the tracker to open a connection (RFC 8829, RFC 8838 trickle ICE). */
export type Signal =
  | { readonly kind: 'offer' | 'answer'; readonly sdp: string }
  | {
      readonly kind: 'candidate'
      /** Empty if the sender has no more candidates. */
      readonly candidate: string
      readonly sdpMid: string | null
      readonly sdpMLineIndex: number | null
    }

/**
 * Maximum length of a signal, characters of JSON. The tracker message around it must fit in `maxTrackerMessageLength`.
 */
const maxSignalLength = 15 * 1024

/**
 * Returns whether a session description describes a data channel and nothing else (RFC 8841): it has one media section.
 * An answer repeats the sections of its offer, so an offer with many sections would cause an answer that the tracker
 * refuses.
 */
export function describesChannel(sdp: string): boolean {
  const sections = sdp.match(/^m=.*/gm)
  return sections?.length === 1 && String(sections).startsWith('m=application ') && !sdp.includes('\0')
}

/**
 * Returns whether the tracker accepts the signal. The tracker closes the connection of a peer that sends another one.
 * Parts of an answer and of a candidate come from the other peer, so they must be checked.
 */
export function isSignal(signal: Signal): boolean {
  try {
    signalField(signal)
    return JSON.stringify(signal).length <= maxSignalLength
  } catch {
    return false
  }
}

/**
 * Decodes a signal.
 * @throws {WireError} `invalid`
 */
export function signalField(value: unknown): Signal {
  const isCandidate = (value as { readonly kind?: unknown } | null)?.kind === 'candidate'
  if (!isCandidate) {
    const { kind, sdp } = fieldsOf(value, ['kind', 'sdp'])
    return {
      kind: choiceField(kind, 'signal.kind', ['offer', 'answer']),
      sdp: textField(sdp, 'signal.sdp', 12_000),
    }
  }
  const said = fieldsOf(value, ['kind', 'candidate', 'sdpMid', 'sdpMLineIndex'])
  return {
    kind: 'candidate',
    candidate: textField(said.candidate, 'signal.candidate', 1024),
    sdpMid: said.sdpMid === null ? null : textField(said.sdpMid, 'signal.sdpMid', 64),
    sdpMLineIndex:
      said.sdpMLineIndex === null ? null : countField(said.sdpMLineIndex, 'signal.sdpMLineIndex', [0, 64]),
  }
}
