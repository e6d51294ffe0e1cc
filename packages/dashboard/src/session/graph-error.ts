/** Why the graph gave no answer. */
export type GraphErrorCode =
  /** The server wants to know who asks, or did not accept the token. */
  | 'unauthenticated'
  /** The server could not be reached. */
  | 'unreachable'
  /** The server can't answer now; it may later. */
  | 'unavailable'
  /** The server refused the query or failed. */
  | 'refused'

/** A query that got no answer. The message is for people. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly code: GraphErrorCode

  constructor(code: GraphErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
