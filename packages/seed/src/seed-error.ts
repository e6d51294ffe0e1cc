/** Why a page cannot be seeded. Stable. */
export type SeedErrorCode =
  /** The page or its manifest cannot be had. */
  | 'unreachable'
  /** The page has no PeerPress configuration of a post. */
  | 'no-post'
  /** The server has no manifest that the site's key signed for this post, or it was revoked. */
  | 'no-manifest'
  /** The post's media are more than the disk may hold. */
  | 'too-large'
  /** The server refuses this seed's token, offer or requests. */
  | 'refused'
  /** The folder takes no more chunks. */
  | 'disk'

/** A failure a person can do something about. */
export class SeedError extends Error {
  override readonly name = 'SeedError'
  readonly code: SeedErrorCode

  constructor(code: SeedErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
