import * as v from 'valibot'
import { canonicalUrl, postIdOf } from '../canonical-url.ts'
import { ConnectorError } from '../connector-error.ts'
import type { PostChange, SignedRequest } from '../contract.ts'
import { eventTimeSchema, isPublicEvent, pageUrlSchema, postEventTypes } from '../events/event-schema.ts'
import { readAs } from '../events/read-as.ts'
import { type EventMessage, readBatch } from '../events/read-batch.ts'
import { verifyRequest } from '../events/verify-request.ts'

const eventSchema = v.object({
  type: v.picklist(postEventTypes),
  timestamp: eventTimeSchema,
  data: v.object({ url: pageUrlSchema }),
})

/**
 * Verifies a request to a webhook (Standard Webhooks) and decodes its events: one, or a batch. A post is known by its
 * URL. A withdrawal is final until the next publication, whatever the page responds.
 * @throws {ConnectorError} `bad-signature`, `stale`, `bad-event`.
 */
export function readWebhook(request: SignedRequest): EventMessage {
  return readBatch(verifyRequest(request), readOne)
}

function readOne(id: string, content: unknown): PostChange {
  const { type, timestamp, data } = readAs(eventSchema, content)
  const url = canonicalUrl(data.url)
  if (url === null) throw new ConnectorError('bad-event', 'data.url: not an address of a page')
  const says = isPublicEvent(type) ? 'published' : 'withdrawn'
  return { id, post: postIdOf(url), url: url.href, statement: { says, saidAt: new Date(timestamp) } }
}
