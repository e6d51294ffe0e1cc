export type SwarmErrorCode =
  /** An input names an asset that no `asset` input introduced. */
  | 'unknown-asset'
  /** A chunk index or a range outside its asset. */
  | 'no-such-chunk'
  /** A demand's id is already in use. */
  | 'demand-exists'
  /** `peer-joined` for a connected peer. */
  | 'peer-exists'
  /** `verified` for a verification that is not pending. */
  | 'unknown-verification'
  /** `now` decreased, or is not a number. */
  | 'time-went-back'

/**
 * The shell broke the engine's contract. Bad behaviour of a peer or an origin is never thrown: it leads to an output.
 */
export class SwarmError extends Error {
  override readonly name = 'SwarmError'
  readonly code: SwarmErrorCode

  constructor(code: SwarmErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
