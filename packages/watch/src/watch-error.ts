/** The reason of a failure. Stable. */
export type WatchErrorCode =
  /** The server has no SMTP server to send with. */
  | 'no-mail-server'
  /** The SMTP server refused the message, or did not answer in time. */
  | 'mail'
  /** The webhook refused the message, or did not answer in time. */
  | 'webhook'
  /** The webhook's host has no public address. */
  | 'private-address'
  /** A channel's address is no e-mail address, or no URL that may be called. */
  | 'invalid-target'

/** A failure to notify. Its message is written for the site's owner. */
export class WatchError extends Error {
  override readonly name = 'WatchError'
  readonly code: WatchErrorCode
  /** Whether another attempt would fail in the same way. */
  readonly isFinal: boolean

  constructor(
    code: WatchErrorCode,
    message: string,
    { isFinal = false, cause }: { readonly isFinal?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.isFinal = isFinal
  }
}
