/** Why a message was refused. Stable: collectors count drops by it and tests match on it. */
export type WireErrorCode =
  /** More bytes or more items than this kind of message may have. */
  | 'too-large'
  /** Not the outer form at all: no JSON, no base64, a truncated or overlong binary message. */
  | 'malformed'
  /** Well-formed, but a field is missing, unknown or outside its range. `path` names it. */
  | 'invalid'
  /** A version or payload type this code does not speak. */
  | 'unsupported'

/** The other side sent something that this code refuses. Never thrown for a programmer's mistake. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireErrorCode
  /** Dotted path of the offending field, where there is one. */
  readonly path: string | undefined

  constructor(code: WireErrorCode, message: string, path?: string) {
    super(message)
    this.code = code
    this.path = path
  }
}
