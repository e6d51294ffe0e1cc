/** The reason of a refusal. Stable: callers map it to a status, tests match on it. */
export type EditorialErrorCode =
  /** An upload is too large, no text, or has too many parts. */
  'bad-upload' | 'unknown-site'

/** The error of input that editorial work refuses. The message says what to do. */
export class EditorialError extends Error {
  override readonly name = 'EditorialError'
  readonly code: EditorialErrorCode

  constructor(code: EditorialErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
