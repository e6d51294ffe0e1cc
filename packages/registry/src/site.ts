import type { SiteId } from '@peerpress/wire'

/** Whether a reader's browser may join a swarm before the reader was asked. */
export type Consent = 'assumed' | 'required'

/** A registered site. */
export interface Site {
  readonly id: SiteId
  /** Its home URL, with a trailing slash; may have a path. */
  readonly url: string
  /** The origins (scheme, host, port) its posts and media may be fetched from; the home URL's first. */
  readonly origins: readonly string[]
  readonly consent: Consent
  /** The operator allows this site's hosts to be private, link-local or loopback addresses. */
  readonly allowPrivateAddresses: boolean
  /** Ed25519, 32 bytes raw. */
  readonly publicKey: Uint8Array
  readonly createdAt: Date
}

/** What a site needs to talk to the server. */
export interface SiteCredentials {
  readonly site: Site
  /** Standard Webhooks secret, `whsec_…`: signs the site's events. */
  readonly webhookSecret: string
}
