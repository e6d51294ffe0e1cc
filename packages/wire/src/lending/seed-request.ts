import * as v from 'valibot'
import { choiceField, countField, expect, fieldsOf, patternField } from '../encoding/fields.ts'
import { parseJson } from '../encoding/parse-json.ts'
import { type PeerId, type PostId, postIdSchema, type SiteId } from '../ids.ts'
import { keyPattern, siteIdPattern } from '../patterns.ts'

/** `payloadType` of an envelope that holds a seed's request. The seed's durable key signs it. */
export const seedRequestPayloadType = 'application/vnd.peerpress.seed-request.v1+json'

/** Maximum ms between a request's time and the server's clock. */
export const maxRequestSkewMs = 5 * 60_000
const maxLength = 1024
/** 16 bytes as base64url. */
const noncePattern = /^[A-Za-z0-9_-]{21}[AQgw]$/

interface Signed {
  /** The seed's durable key. */
  readonly seed: PeerId
  /** ms since the Unix epoch by the seed's clock. */
  readonly at: number
  /** 16 random bytes as base64url. A server accepts each nonce once. */
  readonly nonce: string
}

/** A request that a lent seed signs. */
export type SeedRequest =
  /** Requests the posts that the seed should store. */
  | (Signed & { readonly action: 'assignment' })
  /** Requests a ticket for the swarm of a post. */
  | (Signed & { readonly action: 'ticket'; readonly site: SiteId; readonly post: PostId })

/** Returns a request as the payload of an envelope. */
export function encodeSeedRequest(request: SeedRequest): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(request))
}

/**
 * Parses a request. Its signer is the key that it names, so verify the envelope's signature with `seed`.
 * @throws {WireError} `too-large`, `malformed` or `invalid`.
 */
export function decodeSeedRequest(payload: Uint8Array): SeedRequest {
  const parsed = parseJson(new TextDecoder().decode(payload), maxLength)
  const fields = fieldsOf(parsed, ['action', 'seed', 'at', 'nonce'])
  const signed = {
    seed: patternField(fields.seed, 'seed', keyPattern),
    at: countField(fields.at, 'at', [0, Number.MAX_SAFE_INTEGER]),
    nonce: patternField(fields.nonce, 'nonce', noncePattern),
  }
  const action = choiceField(fields.action, 'action', ['assignment', 'ticket'] as const)
  if (action === 'assignment') return { ...signed, action }
  const { site, post } = fieldsOf(parsed, ['site', 'post'])
  expect(v.is(postIdSchema, post), 'post')
  return { ...signed, action, site: patternField(site, 'site', siteIdPattern), post: String(post) }
}
