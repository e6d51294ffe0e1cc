/** Why a model wrote nothing. Stable. */
export type ModelErrorCode =
  /** The endpoint's host has no public address, and no administrator allowed that. */
  | 'private-address'
  /** No connection, or none in time. */
  | 'unreachable'
  /** The endpoint redirects. Redirects are not followed: the key would go elsewhere. */
  | 'redirected'
  /** The answer is a web page or something else that no model sends. */
  | 'not-an-endpoint'
  /** The endpoint refuses the key: it is wrong, or it has expired. */
  | 'unauthorized'
  /** The endpoint takes no more requests for now. */
  | 'rate-limited'
  /** The endpoint has an error of its own. */
  | 'unavailable'
  /** The endpoint refuses the request, such as for an unknown model. */
  | 'refused'
  /** The connection ended before the answer did. */
  | 'cut-off'
  /** The answer is longer than was asked for, or takes too long. */
  | 'endless'
  /** The local model cannot be loaded or run. */
  | 'local-model'
  /** A fetched file has another hash than the one that was entered. */
  | 'wrong-hash'
  /** The disk has no room for a file. */
  | 'disk-full'

/** Failures that another attempt may not have. */
const passing: ReadonlySet<ModelErrorCode> = new Set([
  'unreachable',
  'rate-limited',
  'unavailable',
  'cut-off',
])
/** Failures before a model could use a token. */
const unused: ReadonlySet<ModelErrorCode> = new Set([
  'private-address',
  'redirected',
  'unauthorized',
  'rate-limited',
  'refused',
])

export interface ModelErrorOptions extends ErrorOptions {
  /** ms to wait before another attempt, as the endpoint asks; null if it does not. @default null */
  readonly retryAfter?: number | null
  /** Whether a part of the answer was sent before. @default false */
  readonly hasBegun?: boolean
}

/** The failure of a model. Its message is written for the site's owner, and never has a key. */
export class ModelError extends Error {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode
  readonly retryAfter: number | null
  readonly #hasBegun: boolean

  constructor(
    code: ModelErrorCode,
    message: string,
    { retryAfter = null, hasBegun = false, ...options }: ModelErrorOptions = {},
  ) {
    super(message, options)
    this.code = code
    this.retryAfter = retryAfter
    this.#hasBegun = hasBegun
  }

  /** Whether another attempt may succeed. */
  get isPassing(): boolean {
    return passing.has(this.code)
  }

  /** Whether the call certainly used no tokens. */
  get isUnused(): boolean {
    return unused.has(this.code) && !this.#hasBegun
  }
}
