import { choiceField, countField, fieldsOf, textField } from './fields.ts'

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
