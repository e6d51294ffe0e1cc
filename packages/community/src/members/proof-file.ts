import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { Site } from '@peerpress/registry'
import {
  decodeEnvelope,
  encodeBase64Url,
  encodeEnvelope,
  type Envelope,
  preAuthEncoding,
  WireError,
} from '@peerpress/wire'
import * as v from 'valibot'

/** Where the owner of a domain publishes the file. */
export const proofPath = '/.well-known/peerpress.json'

const payloadType = 'application/vnd.peerpress.member.v1+json'

/** Maximum length of the file, bytes. */
export const maxProofFile = 64 * 1024
/** Proofs in one file: a domain may have several sites, on several servers. */
const maxProofs = 20

const fileSchema = v.object({ proofs: v.pipe(v.array(v.unknown()), v.maxLength(maxProofs)) })
const payloadSchema = v.object({ site: v.string(), domain: v.string() })

/**
 * Returns the content of `/.well-known/peerpress.json` for a site: one proof, an envelope signed with the site's Ed25519 key
 * that names the site and its registrable domain. It stays valid until the key is changed.
 */
export function encodeProofFile(site: Site, key: KeyObject, domain: string): string {
  const payload = new TextEncoder().encode(JSON.stringify({ site: site.id, domain }))
  const signature = sign(null, preAuthEncoding(payloadType, payload), key)
  const envelope = encodeEnvelope({
    payloadType,
    payload,
    signatures: [{ keyId: encodeBase64Url(site.publicKey), bytes: Uint8Array.from(signature) }],
  })
  return `${JSON.stringify({ proofs: [JSON.parse(envelope)] }, null, 2)}\n`
}

/** Returns whether a file has a proof of this site for this domain. A file that cannot be read has none. */
export function hasProof(file: Uint8Array, site: Site, domain: string): boolean {
  const parsed = v.safeParse(fileSchema, jsonIn(file))
  return parsed.success && parsed.output.proofs.some((proof) => isProof(proof, site, domain))
}

function isProof(proof: unknown, site: Site, domain: string): boolean {
  const envelope = envelopeIn(proof)
  if (envelope?.payloadType !== payloadType || !isSignedBy(site, envelope)) return false
  const payload = v.safeParse(payloadSchema, jsonIn(envelope.payload))
  return payload.success && payload.output.site === site.id && payload.output.domain === domain
}

function envelopeIn(proof: unknown): Envelope | null {
  try {
    return decodeEnvelope(JSON.stringify(proof))
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

function isSignedBy(site: Site, { payload, signatures }: Envelope): boolean {
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(site.publicKey) },
    format: 'jwk',
  })
  const signed = preAuthEncoding(payloadType, payload)
  return signatures.some(({ bytes }) => verify(null, signed, key, bytes))
}

function jsonIn(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
