import type { Mode, Policy, SiteId } from '@peerpress/wire'

/** What must happen before a reader's browser joins a swarm: nothing, a notice, or the reader's consent. */
export const consents = ['assumed', 'notice', 'required'] as const
export type Consent = (typeof consents)[number]

/** What 10^9 bytes from a site's origin cost. */
export interface SavingsRates {
  /** In the currency; null: unknown. */
  readonly pricePerGigabyte: number | null
  /** ISO 4217; null without a price. */
  readonly currency: string | null
  /** Grams of CO2e; null: nobody chose another than the default. */
  readonly carbonPerGigabyte: number | null
}

/** A registered site. */
export interface Site {
  readonly id: SiteId
  /** Its home URL, with a trailing slash; may have a path. */
  readonly url: string
  /** Its name for people; null: it has none, so that its host stands for it. */
  readonly name: string | null
  /** The IANA time zone of its days. */
  readonly timeZone: string
  /** The origins (scheme, host, port) its posts and media may be fetched from; the home URL's first. */
  readonly origins: readonly string[]
  /** Which peers may help its readers. Mode and consent are the policy that tickets are issued under. */
  readonly mode: Mode
  readonly consent: Consent
  /** The policy of pages and scripts of release 0.1, which state none: the policy at the upgrade. */
  readonly unstated: Policy
  /** The operator allows this site's hosts to be private, link-local or loopback addresses. */
  readonly allowPrivateAddresses: boolean
  /** Ed25519, 32 bytes raw. */
  readonly publicKey: Uint8Array
  readonly createdAt: Date
  /** What its origin's bytes cost. */
  readonly savingsRates: SavingsRates
  /** When its CMS ended the connection; null while it is connected. A disconnected site's posts are revoked, and it gets no tickets. */
  readonly disconnectedAt: Date | null
}

/** The credentials of a site for requests to the server. */
export interface SiteCredentials {
  readonly site: Site
  /** Standard Webhooks secret, `whsec_…`: signs the site's events. */
  readonly webhookSecret: string
}
