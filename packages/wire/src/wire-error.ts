/** The reason why a message was refused. Codes are stable: collectors count drops by code, and tests match on it. */
export type WireErrorCode =
  /** More bytes or items than this kind of message may have. */
  | 'too-large'
  /** Not the outer form: no JSON, no base64, or a truncated or overlong binary message. */
  | 'malformed'
  /** Well-formed, but a field is missing or outside its range. `path` names the field. */
  | 'invalid'
  /** A version or payload type that this code does not support. */
  | 'unsupported'

/** The other side sent a message that this code refuses. It is never thrown for a programming error. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireErrorCode
  /** Dotted path of the wrong field, if there is one. */
  readonly path: string | undefined

  constructor(code: WireErrorCode, message: string, path?: string) {
    super(message)
    this.code = code
    this.path = path
  }
}
