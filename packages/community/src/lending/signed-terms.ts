import { type KeyObject, sign } from 'node:crypto'
import { signedPayload } from '@peerpress/peer'
import {
  decodeEnvelope,
  decodeOffer,
  decodeSeedRequest,
  encodeEnvelope,
  encodeGrant,
  type Grant,
  grantPayloadType,
  maxRequestSkewMs,
  type Offer,
  offerPayloadType,
  preAuthEncoding,
  type SeedRequest,
  seedRequestPayloadType,
  type SiteId,
} from '@peerpress/wire'
import { CommunityError } from '../community-error.ts'

/** Maximum length of a signed message of a seed, characters. */
export const maxSignedLength = 8192

/** A key with its name in an envelope. */
export interface NamedKey {
  readonly keyId: SiteId
  readonly key: KeyObject
}

/**
 * Returns the envelope of a grant, signed with all keys of its site that count. A seed verifies it with the key in the post's
 * page, which is a former key while the page is in a cache.
 */
export function signGrant(grant: Grant, keys: readonly NamedKey[]): string {
  const payload = encodeGrant(grant)
  const signed = preAuthEncoding(grantPayloadType, payload)
  return encodeEnvelope({
    payloadType: grantPayloadType,
    payload,
    signatures: keys.map(({ keyId, key }) => ({ keyId, bytes: Uint8Array.from(sign(null, signed, key)) })),
  })
}

/** Adds the signature of the owner's site to an offer that its seed has signed. */
export function countersignOffer(text: string, { keyId, key }: NamedKey): string {
  const { payloadType, payload, signatures } = decodeEnvelope(text)
  const bytes = Uint8Array.from(sign(null, preAuthEncoding(payloadType, payload), key))
  return encodeEnvelope({ payloadType, payload, signatures: [...signatures.slice(0, 1), { keyId, bytes }] })
}

/**
 * Reads an offer that its seed has signed.
 * @throws {CommunityError} `bad-signature`, `expired`
 */
export async function readOffer(text: string, now: number): Promise<Offer> {
  const offer = await readSigned(text, { type: offerPayloadType, decode: decodeOffer })
  if (offer.issuedAt > now + maxRequestSkewMs || offer.issuedAt < now - maxRequestSkewMs) {
    throw new CommunityError(
      'expired',
      'The offer was not made now: check the clock of the seed, or sign it again.',
    )
  }
  if (offer.expiresAt <= now) throw new CommunityError('expired', 'The offer has ended.')
  return offer
}

/**
 * Reads a request that the seed it names has signed within the last minutes.
 * @throws {CommunityError} `bad-signature`, `expired`
 */
export async function readSeedRequest(text: string, now: number): Promise<SeedRequest> {
  const request = await readSigned(text, { type: seedRequestPayloadType, decode: decodeSeedRequest })
  if (Math.abs(request.at - now) > maxRequestSkewMs) {
    throw new CommunityError(
      'expired',
      `The seed's clock differs by ${Math.round(Math.abs(request.at - now) / 1000)} s: set it.`,
    )
  }
  return request
}

/** Decodes the payload to learn the key that must have signed, then verifies that it has. */
async function readSigned<Message extends { readonly seed: string }>(
  text: string,
  { type, decode }: { readonly type: string; readonly decode: (payload: Uint8Array) => Message },
): Promise<Message> {
  try {
    if (text.length > maxSignedLength) throw new Error('too long')
    const claimed = decode(decodeEnvelope(text).payload)
    const payload = await signedPayload(text, { type, key: claimed.seed }, crypto.subtle)
    if (payload !== null) return decode(payload)
  } catch (cause) {
    throw new CommunityError('bad-signature', 'This is not a message that a seed signed.', { cause })
  }
  throw new CommunityError('bad-signature', "The seed's key did not sign this message.")
}
