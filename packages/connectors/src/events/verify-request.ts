import { Webhook } from 'standardwebhooks'
import { ConnectorError } from '../connector-error.ts'
import type { MessageHeaders, SignedRequest } from '../contract.ts'

/** A request whose signature is verified. */
export interface VerifiedRequest {
  /** `webhook-id`. It is the same for every delivery of one message. */
  readonly id: string
  /** Time of signing by the sender's clock, at most five minutes from now. */
  readonly sentAt: Date
  /** The parsed JSON. Its sender is verified, its shape is not. */
  readonly content: unknown
}

/** Maximum size of a message, bytes. */
const maxMessageLength = 64 * 1024
/** Maximum difference between a message's time and now, ms: the tolerance that Standard Webhooks prescribes. */
const tolerance = 5 * 60 * 1000

/**
 * Verifies the signature of a request (Standard Webhooks 1.0, HMAC-SHA256) and parses its body.
 * @throws {ConnectorError} `bad-signature`, `stale`, `bad-event`.
 */
export function verifyRequest({ secret, headers, body }: SignedRequest): VerifiedRequest {
  if (body.length > maxMessageLength) {
    throw new ConnectorError('bad-event', `more than ${maxMessageLength} bytes`)
  }
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signature = headerOf(headers, 'webhook-signature')
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id) || !/^\d{1,12}$/.test(timestamp) || signature === '') {
    throw new ConnectorError('bad-signature', 'the webhook headers are missing or malformed')
  }
  // The library checks the time before the signature, and only its error text would distinguish the two failures.
  if (Math.abs(Date.now() - Number(timestamp) * 1000) > tolerance) {
    throw new ConnectorError('stale', 'signed too long ago, or ahead of time')
  }
  if (!isSignedBy(secret, { id, timestamp, signature, body })) {
    throw new ConnectorError('bad-signature', 'the signature is not from this site')
  }
  return { id, sentAt: new Date(Number(timestamp) * 1000), content: parseJson(body) }
}

interface SignedParts {
  readonly id: string
  readonly timestamp: string
  readonly signature: string
  readonly body: Buffer
}

function isSignedBy(secret: string, { id, timestamp, signature, body }: SignedParts): boolean {
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false })
    return true
  } catch {
    return false
  }
}

function headerOf(headers: MessageHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw new ConnectorError('bad-event', 'not JSON', { cause })
  }
}
