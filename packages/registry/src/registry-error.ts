/** The reason of a refusal. Stable: callers map it to a status, tests match on it. */
export type RegistryErrorCode =
  /** Not an absolute http(s) URL without credentials, or a return URL away from its site. */
  | 'invalid-url'
  /** Not scheme + host + port of an http(s) URL. */
  | 'invalid-origin'
  /** Too long for a site's name, or not one line. */
  | 'invalid-name'
  /** Not a time zone of the IANA database. */
  | 'invalid-time-zone'
  /** A price or an amount of carbon below 0, above a million, or a price without its currency. */
  | 'invalid-savings-rate'
  /** The PKCE challenge is not a base64url SHA-256. */
  | 'invalid-challenge'
  /** The site did not answer the challenge of its connection. */
  | 'unproven'
  /** The account that approved a connection or makes a token does not own the site. */
  | 'not-owner'
  /** A site with this URL is registered already. */
  | 'site-exists'
  | 'unknown-site'
  /** The site has as many connectors as it may have. */
  | 'too-many-connectors'
  /** Not a kind of connector, or not a setting of it. */
  | 'invalid-connector'
  /** The site has as many uploads, or items of them, as it may have. */
  | 'too-many-uploads'
  /** A publication does not raise the post's version. */
  | 'stale-version'
  /** The site's CMS has withdrawn the post that would be published. */
  | 'withdrawn'
  /** The site whose post would be published has disconnected. */
  | 'disconnected'
  /** A report would go to a channel that the site does not have. */
  | 'unknown-channel'
  /** The site has the maximum number of report schedules. */
  | 'too-many-schedules'
  /** The site has this channel already. */
  | 'channel-exists'
  /** The site has the maximum number of channels. */
  | 'too-many-channels'
  /** The channel's receiver wants no notifications. */
  | 'unsubscribed'
  /** Another test message of the channel was written within the last minute. */
  | 'too-soon'
  /** The site has the maximum number of drafts that are not written yet. */
  | 'too-many-drafts'
  /** A page is in an open trial already. */
  | 'page-in-trial'
  /** The site has no model. */
  | 'no-model'
  /** The maximum cost of a call is more than what is left of the month's budget. */
  | 'over-budget'
  /** Another process, or another registry of this one, owns the directory. */
  | 'locked'
  /** The directory cannot be written, or something else is in the place of a file. */
  | 'unusable-directory'
  /** The disk has no room for what a statement writes; nothing was written. */
  | 'disk-full'
  /** The database's files are damaged; nothing was changed. */
  | 'damaged'
  /** The Postgres server cannot be reached, or refuses a statement. */
  | 'unavailable'
  /** The target of a restore has records already. */
  | 'not-empty'
  /** A page of a list would begin or end at a place that the list's order cannot have. */
  | 'invalid-place'
  /** A row that the ledger cannot store. */
  | 'invalid-entry'
  /** The ledger is not as it was written. */
  | 'ledger-tampered'
  /** The file with the ledger's key is missing or damaged. */
  | 'ledger-key'
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
