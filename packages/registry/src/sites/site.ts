import type { Mode, Policy, SiteId } from '@peerpress/wire'

/** What a site's readers are asked before their browsers join a swarm: nothing, nothing but to hear a notice, or leave. */
export const consents = ['assumed', 'notice', 'required'] as const
export type Consent = (typeof consents)[number]

/** A registered site. */
export interface Site {
  readonly id: SiteId
  /** Its home URL, with a trailing slash; may have a path. */
  readonly url: string
  /** The origins (scheme, host, port) its posts and media may be fetched from; the home URL's first. */
  readonly origins: readonly string[]
  /** Who may help its readers. With `consent`, the policy that tickets are issued under. */
  readonly mode: Mode
  readonly consent: Consent
  /** The policy of a page or script of release 0.1, which states none: what was recorded at the upgrade. */
  readonly unstated: Policy
  /** The operator allows this site's hosts to be private, link-local or loopback addresses. */
  readonly allowPrivateAddresses: boolean
  /** Ed25519, 32 bytes raw. */
  readonly publicKey: Uint8Array
  readonly createdAt: Date
  /** Since when its CMS has ended the connection: its posts are revoked and nobody gets a ticket. Null while connected. */
  readonly disconnectedAt: Date | null
}

/** What a site needs to talk to the server. */
export interface SiteCredentials {
  readonly site: Site
  /** Standard Webhooks secret, `whsec_…`: signs the site's events. */
  readonly webhookSecret: string
}
