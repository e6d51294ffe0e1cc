export type SwarmErrorCode =
  /** An input names an asset that no `asset` input told. */
  | 'unknown-asset'
  /** A chunk index or a range outside its asset. */
  | 'no-such-chunk'
  /** A demand's id is already in use. */
  | 'demand-exists'
  /** `peer-joined` for a peer that is connected. */
  | 'peer-exists'
  /** `verified` for a verification that is not under way. */
  | 'unknown-verification'
  /** `now` is lower than it was, or not a number. */
  | 'time-went-back'

/** The shell broke the engine's contract. What a peer or an origin does is never thrown: it is an output. */
export class SwarmError extends Error {
  override readonly name = 'SwarmError'
  readonly code: SwarmErrorCode

  constructor(code: SwarmErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
