/** The reason of a refusal. Stable: callers map it to a status. */
export type AccountErrorCode =
  /** An address, name, password or other input that is not allowed. */
  | 'bad-input'
  /** No open account has this address and password. */
  | 'wrong-credentials'
  /** Too many attempts for this account, or from this network. */
  | 'throttled'
  /** Too many passwords are being checked at the moment. */
  | 'busy'
  /** A welcome link that is unknown, used or expired. */
  | 'bad-link'
  /** A challenge that is unknown, used or expired, or that another session got. */
  | 'bad-challenge'
  /** A passkey that is unknown or whose answer is wrong. */
  | 'bad-passkey'
  /** The server is open at an address that passkeys cannot be bound to. */
  | 'wrong-host'
  /** No identity provider is configured. */
  | 'no-provider'
  /** The identity provider could not be reached, or its answer is wrong. */
  | 'provider-failed'
  /** The person cancelled at the identity provider, or it refused. */
  | 'provider-refused'
  /** The identity provider reported no verified e-mail address. */
  | 'unverified-email'
  /** No account and no invitation has the address. */
  | 'not-invited'
  /** The person at the provider is linked to another account. */
  | 'other-account'
  /** The server can send no e-mail. */
  | 'no-mail'
  /** The mail server did not take an e-mail. */
  | 'mail-failed'
  /** The session began too long ago for this. */
  | 'sign-in-again'
  /** Nobody is signed in. */
  | 'not-signed-in'
  /** No other administrator would be left. */
  | 'last-administrator'

/** A refusal. Its message is written for people and says what to do next. */
export class AccountError extends Error {
  override readonly name = 'AccountError'
  readonly code: AccountErrorCode
  /** Seconds after which a retry may succeed; null if a retry does not help. */
  readonly retryAfter: number | null

  constructor(
    code: AccountErrorCode,
    message: string,
    options?: ErrorOptions & { readonly retryAfter?: number },
  ) {
    super(message, options)
    this.code = code
    this.retryAfter = options?.retryAfter ?? null
  }
}
