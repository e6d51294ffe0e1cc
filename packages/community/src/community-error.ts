/** The reason of a refusal. Stable: callers map it to a status, tests match on it. */
export type CommunityErrorCode =
  /** Not an entry of the ledger. */
  | 'invalid-entry'
  /** There is no such submission, or it is hidden. */
  | 'unknown-submission'
  /** The member site's owner has not proved control, or the proof lapsed. */
  | 'not-member'
  /** The member site is banned. */
  | 'banned'
  /** Nothing bans the member site. */
  | 'not-banned'
  /** The member site has cast its votes of the last 24 hours. */
  | 'too-many-votes'
  /** A downvote without a reason, or a reason that is too long. */
  | 'invalid-reason'
  /** A member site reported its own post. */
  | 'own-post'
  /** The member site has made its reports of the last 24 hours. */
  | 'too-many-reports'
  /** Nothing hides the post. */
  | 'not-hidden'
  /** The member site has appealed against this decision before. */
  | 'appealed'
  /** The site's home is an address, or a bare public suffix. */
  | 'not-a-domain'
  /** The site's home is a name that only a private network knows. */
  | 'private-domain'
  /** The site's domain answers no challenge and has no signed file. */
  | 'unproven'
  /** The post is not published, or revoked. */
  | 'not-published'
  | 'already-shared'
  /** The post's page is on another site than the member's, or names an original there. */
  | 'foreign-post'
  | 'unreadable-post'
  /** Too many attempts in a short time. */
  | 'too-many'
  | LendingErrorCode

/** Why a request about lent seeds is refused. Stable: the HTTP routes and the graph answer it. */
export type LendingErrorCode =
  /** Not an envelope of the expected message, or no signature that holds. */
  | 'bad-signature'
  /** The clock of the seed differs too much, or the terms have ended. */
  | 'expired'
  /** The request was accepted before. */
  | 'replayed'
  /** The seed, the grant or the offer is not known here. */
  | 'unknown'
  /** The seed belongs to another owner, has a later offer, or the terms are not allowed. */
  | 'refused'
  /** A proof showed that the seed sent wrong bytes. */
  | 'revoked'
  /** The post is not public, or its site's policy admits no seeds. */
  | 'not-public'
  /** The seed has sent as much today as grant or offer allow. */
  | 'day-quota'

/** The error of a request that the community refuses. The message says what to do. */
export class CommunityError extends Error {
  override readonly name = 'CommunityError'
  readonly code: CommunityErrorCode

  constructor(code: CommunityErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
