import { parseHttpUrl } from '@peerpress/registry'
import { type PostId, postIdSchema } from '@peerpress/wire'
import { Webhook } from 'standardwebhooks'
import * as v from 'valibot'
import { PublisherError } from './publisher-error.ts'

/** What happened to a post in its CMS. */
export type PostEventType = 'post.published' | 'post.updated' | 'post.unpublished' | 'post.deleted'

/** A verified event of a site. */
export interface PostEvent {
  /** `webhook-id`: the same for every delivery of one event. */
  readonly id: string
  readonly type: PostEventType
  readonly post: PostId
  readonly url: string
}

/** Request headers, names in lower case as node:http gives them. */
export type EventHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** The largest event, bytes. */
const maxEventLength = 64 * 1024
/** How far an event's time may be from now, ms: the tolerance Standard Webhooks prescribes. */
const tolerance = 5 * 60 * 1000

const eventSchema = v.object({
  type: v.picklist(['post.published', 'post.updated', 'post.unpublished', 'post.deleted']),
  timestamp: v.pipe(v.string(), v.isoTimestamp()),
  data: v.object({
    post: postIdSchema,
    url: v.pipe(
      v.string(),
      v.check((text) => parseHttpUrl(text) !== null, 'not an http(s) address without credentials'),
    ),
  }),
})

/**
 * Checks the signature of an event (Standard Webhooks 1.0, HMAC-SHA256) and reads it.
 * @throws {PublisherError} `bad-signature`, `stale`, `bad-event`.
 */
export function verifyEvent(secret: string, headers: EventHeaders, body: Buffer): PostEvent {
  if (body.length > maxEventLength) throw new PublisherError('bad-event', `more than ${maxEventLength} bytes`)
  const id = headerOf(headers, 'webhook-id')
  const timestamp = headerOf(headers, 'webhook-timestamp')
  const signature = headerOf(headers, 'webhook-signature')
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id) || !/^\d{1,12}$/.test(timestamp) || signature === '') {
    throw new PublisherError('bad-signature', 'the webhook headers are missing or malformed')
  }
  // The library checks the time before the signature; only its own error text would tell the two apart.
  if (Math.abs(Date.now() - Number(timestamp) * 1000) > tolerance) {
    throw new PublisherError('stale', 'signed too long ago, or ahead of time')
  }
  try {
    new Webhook(secret).verify(
      body,
      { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
      { jsonParse: false },
    )
  } catch (cause) {
    throw new PublisherError('bad-signature', 'no signature of this site', { cause })
  }
  const event = v.safeParse(eventSchema, parseJson(body))
  if (!event.success) {
    const [issue] = event.issues
    throw new PublisherError('bad-event', `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`)
  }
  const { type, data } = event.output
  return { id, type, ...data }
}

function headerOf(headers: EventHeaders, name: string): string {
  const value = headers[name]
  return typeof value === 'string' ? value : ''
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw new PublisherError('bad-event', 'not JSON', { cause })
  }
}
