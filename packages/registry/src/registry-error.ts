/** The reason of a refusal. Stable: callers map it to a status, tests match on it. */
export type RegistryErrorCode =
  /** Not an absolute http(s) URL without credentials, or a return URL away from its site. */
  | 'invalid-url'
  /** Not scheme + host + port of an http(s) URL. */
  | 'invalid-origin'
  /** The PKCE challenge is not a base64url SHA-256. */
  | 'invalid-challenge'
  /** A site with this URL is registered already. */
  | 'site-exists'
  | 'unknown-site'
  /** A publication does not raise the post's version. */
  | 'stale-version'
  /** The site's CMS has withdrawn the post that would be published. */
  | 'withdrawn'
  /** The site whose post would be published has disconnected. */
  | 'disconnected'
  /** Another process, or another registry of this one, owns the directory. */
  | 'locked'
  /** The directory cannot be written, or something else is in the place of a file. */
  | 'unusable-directory'
  /** The database's files are damaged; nothing was changed. */
  | 'damaged'
  /** The Postgres server cannot be reached, or refuses a statement. */
  | 'unavailable'
  /** The target of a restore has records already. */
  | 'not-empty'
  /** The database was migrated by a newer release. */
  | 'newer-database'

/** The error of a request that the registry refuses, or of a database that cannot be used. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError'
  readonly code: RegistryErrorCode

  constructor(code: RegistryErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
