/** The reason of a failed query. */
export type GraphErrorCode =
  /** The server requires a session or a token, or did not accept the given one. */
  | 'unauthenticated'
  /** The server could not be reached. */
  | 'unreachable'
  /** The server has another release than this page. */
  | 'outdated'
  /** The server can't answer now; it may later. */
  | 'unavailable'
  /** The query needs more work than the server does for one request. */
  | 'expensive'
  /** The server refused the query or failed. */
  | 'refused'

/** The error of a failed query. The message is for people. */
export class GraphError extends Error {
  override readonly name = 'GraphError'
  readonly code: GraphErrorCode

  constructor(code: GraphErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
