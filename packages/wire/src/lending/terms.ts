import { countField, expect, fieldsOf, patternField } from '../encoding/fields.ts'
import { parseJson } from '../encoding/parse-json.ts'
import type { PeerId, SiteId } from '../ids.ts'
import { keyPattern, siteIdPattern } from '../patterns.ts'

/** `payloadType` of an envelope that holds a grant. The site's key signs it. */
export const grantPayloadType = 'application/vnd.peerpress.grant.v1+json'
/** `payloadType` of an envelope that holds an offer. The seed's key and the key of its owner's site sign it. */
export const offerPayloadType = 'application/vnd.peerpress.offer.v1+json'

/** Maximum ms between issue and expiry of a grant or an offer: a year. */
export const maxTermMs = 366 * 86_400_000
const maxTermsLength = 2048

/** Limits of what a seed stores and sends for others. */
export interface LendingTerms {
  /** 16 random lower-case letters and digits. It distinguishes two grants or offers with the same limits. */
  readonly id: string
  /** The seed's durable key: an Ed25519 public key, 32 bytes as base64url. */
  readonly seed: PeerId
  /** Maximum bytes of stored assets. */
  readonly maxBytes: number
  /** Maximum bytes sent to readers in a UTC day. */
  readonly bytesPerDay: number
  /** ms since the Unix epoch. */
  readonly issuedAt: number
  /** ms since the Unix epoch. */
  readonly expiresAt: number
}

/** A site's permission for a seed to store and serve the assets of its public posts. */
export interface Grant extends LendingTerms {
  readonly site: SiteId
}

/** A seed owner's offer to store and serve the assets of other sites. */
export interface Offer extends LendingTerms {
  /** The site that gets the credit. Its key signs the offer, too. */
  readonly owner: SiteId
  /** ISO 3166-1 alpha-2 country of the seed, as its owner states it. It decides placement alone. */
  readonly country: string
}

/** Returns a grant as the payload of an envelope. */
export function encodeGrant(grant: Grant): Uint8Array<ArrayBuffer> {
  const { site } = grant
  return encode({ ...termsOf(grant), site })
}

/** Returns an offer as the payload of an envelope. */
export function encodeOffer(offer: Offer): Uint8Array<ArrayBuffer> {
  const { owner, country } = offer
  return encode({ ...termsOf(offer), owner, country })
}

/**
 * Parses a grant. Verify the signature of its envelope first.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeGrant(payload: Uint8Array): Grant {
  const parsed = parseJson(new TextDecoder().decode(payload), maxTermsLength)
  const { site } = fieldsOf(parsed, ['site'])
  return { ...decodeTerms(parsed), site: patternField(site, 'site', siteIdPattern) }
}

/**
 * Parses an offer. Verify both signatures of its envelope first.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeOffer(payload: Uint8Array): Offer {
  const parsed = parseJson(new TextDecoder().decode(payload), maxTermsLength)
  const { owner, country } = fieldsOf(parsed, ['owner', 'country'])
  return {
    ...decodeTerms(parsed),
    owner: patternField(owner, 'owner', siteIdPattern),
    country: patternField(country, 'country', /^[A-Z]{2}$/),
  }
}

function termsOf({ id, seed, maxBytes, bytesPerDay, issuedAt, expiresAt }: LendingTerms): LendingTerms {
  return { id, seed, maxBytes, bytesPerDay, issuedAt, expiresAt }
}

function encode(terms: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(terms))
}

function decodeTerms(value: unknown): LendingTerms {
  const names = ['id', 'seed', 'maxBytes', 'bytesPerDay', 'issuedAt', 'expiresAt'] as const
  const fields = fieldsOf(value, [...names])
  const positive = [1, Number.MAX_SAFE_INTEGER] as const
  const issuedAt = countField(fields.issuedAt, 'issuedAt', positive)
  const expiresAt = countField(fields.expiresAt, 'expiresAt', positive)
  expect(expiresAt > issuedAt && expiresAt - issuedAt <= maxTermMs, 'expiresAt')
  return {
    id: patternField(fields.id, 'id', /^[a-z0-9]{16}$/),
    seed: patternField(fields.seed, 'seed', keyPattern),
    maxBytes: countField(fields.maxBytes, 'maxBytes', positive),
    bytesPerDay: countField(fields.bytesPerDay, 'bytesPerDay', positive),
    issuedAt,
    expiresAt,
  }
}
