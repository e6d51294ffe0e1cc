import { choiceField, countField, fieldsOf, textField } from '../encoding/fields.ts'

/** What two peers tell each other through the tracker to open a connection (RFC 8829, RFC 8838 trickle ICE). */
export type Signal =
  | { readonly kind: 'offer' | 'answer'; readonly sdp: string }
  | {
      readonly kind: 'candidate'
      /** Empty when the sender has no more candidates. */
      readonly candidate: string
      readonly sdpMid: string | null
      readonly sdpMLineIndex: number | null
    }

/** The longest signal, characters of JSON: the tracker's message around it fits in `maxTrackerMessageLength`. */
const maxSignalLength = 15 * 1024

/**
 * Whether a session description is one of a data channel and of nothing else (RFC 8841): it has one media section. An answer
 * repeats what its offer lists, so that an offer of many sections makes one that no tracker takes.
 */
export function describesChannel(sdp: string): boolean {
  const sections = sdp.match(/^m=.*/gm)
  return sections?.length === 1 && String(sections).startsWith('m=application ') && !sdp.includes('\0')
}

/**
 * Whether the tracker takes the signal. It closes the line of a peer that sends another one, and parts of an answer and of
 * a candidate come from the other side.
 */
export function isSignal(signal: Signal): boolean {
  try {
    signalField(signal)
    return JSON.stringify(signal).length <= maxSignalLength
  } catch {
    return false
  }
}

/** @throws {WireError} `invalid` */
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
