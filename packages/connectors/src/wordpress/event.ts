import { countUnknownFields, postIdSchema, type UnknownFields } from '@peerpress/wire'
import * as v from 'valibot'
import type { PostChange } from '../contract.ts'
import {
  eventTimeSchema,
  isPublicEvent,
  pageUrlSchema,
  postEventTypes,
  type PostEventType,
} from '../events/event-schema.ts'
import { readAs } from '../events/read-as.ts'
import { type EventMessage, readBatch } from '../events/read-batch.ts'
import { commonSchema, type SiteMessage } from './site-message.ts'

/** A verified event of a WordPress site. */
export interface PostEvent extends PostChange {
  readonly type: PostEventType
}

const eventSchema = v.object({
  ...commonSchema.entries,
  type: v.picklist(postEventTypes),
  timestamp: eventTimeSchema,
  data: v.object({ post: postIdSchema, url: pageUrlSchema }),
})

/**
 * Decodes a message as events: a batch if its type is `batch`, else one event. Unknown fields of later releases are
 * dropped and added to `tally`.
 * @throws {ConnectorError} `bad-event` if the single event or the batch itself is malformed.
 */
export function readEvents(message: SiteMessage, tally?: UnknownFields): EventMessage<PostEvent> {
  return readBatch(message, (id, content) => readEvent({ ...message, id, content }, tally))
}

/**
 * Decodes a message as one event. Unknown fields of later releases are dropped and added to `tally`.
 * @throws {ConnectorError} `bad-event`.
 */
export function readEvent({ id, content, homeUrl }: SiteMessage, tally?: UnknownFields): PostEvent {
  const event = readAs(eventSchema, content)
  if (tally !== undefined) tally.unknownFields += countUnknownFields(content, event)
  const { type, timestamp, data } = event
  // Release 0.1 of the plugin sends no home URL, so a copy of the CMS at another address may have sent the withdrawal.
  const says = isPublicEvent(type) ? 'published' : homeUrl === null ? 'suspended' : 'withdrawn'
  return { id, type, ...data, statement: { says, saidAt: new Date(timestamp) } }
}
