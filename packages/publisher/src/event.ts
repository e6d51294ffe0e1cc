import { parseHttpUrl, type PostStatement } from '@peerpress/registry'
import { countUnknownFields, type PostId, postIdSchema, type UnknownFields } from '@peerpress/wire'
import * as v from 'valibot'
import { PublisherError } from './publisher-error.ts'
import { commonSchema, readAs, type SiteMessage } from './site-message.ts'

/** A change of a post in its CMS. */
export type PostEventType = 'post.published' | 'post.updated' | 'post.unpublished' | 'post.deleted'

/** A verified event of a site. */
export interface PostEvent {
  /** `webhook-id`, or the id in a batch. It is the same for every delivery of one event. */
  readonly id: string
  readonly type: PostEventType
  readonly post: PostId
  readonly url: string
  /** The event's statement about the post. */
  readonly statement: PostStatement
}

/** An event of a batch that was not accepted. Sending it again is useless. */
export interface RefusedEvent {
  readonly id: string
  readonly code: 'bad-event' | 'foreign-url'
  /** A description for people. */
  readonly detail: string
}

/** The events of one message. */
export interface EventMessage {
  /** False for a message that is a single event, as release 0.1 of the plugin sends them. */
  readonly isBatch: boolean
  readonly events: readonly PostEvent[]
  /** Always empty without a batch. */
  readonly refused: readonly RefusedEvent[]
}

/** Maximum number of events in one batch. */
const maxBatch = 100

const batchSchema = v.object({
  events: v.pipe(
    v.array(v.looseObject({ id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,128}$/)) })),
    v.minLength(1),
    v.maxLength(maxBatch),
  ),
})

const eventSchema = v.object({
  ...commonSchema.entries,
  type: v.picklist(['post.published', 'post.updated', 'post.unpublished', 'post.deleted']),
  timestamp: v.pipe(
    v.string(),
    v.isoTimestamp(),
    // `isoTimestamp` accepts an offset without minutes, which is no valid time. The registry's statements start in
    // 1970.
    v.check((text) => Date.parse(text) > 0, 'not a time since 1970'),
  ),
  data: v.object({
    post: postIdSchema,
    url: v.pipe(
      v.string(),
      v.check((text) => parseHttpUrl(text) !== null, 'not an http(s) address without credentials'),
    ),
  }),
})

/**
 * Decodes a message as events: a batch if its type is `batch`, else one event. Unknown fields of later releases are
 * dropped and added to `tally`.
 * @throws {PublisherError} `bad-event` if the single event or the batch itself is malformed.
 */
export function readEvents(message: SiteMessage, tally?: UnknownFields): EventMessage {
  if (!v.is(v.object({ type: v.literal('batch') }), message.content))
    return { isBatch: false, events: [readEvent(message, tally)], refused: [] }
  const events: PostEvent[] = []
  const refused: RefusedEvent[] = []
  for (const { id, ...content } of readAs(batchSchema, message.content).events) {
    try {
      events.push(readEvent({ ...message, id, content }, tally))
    } catch (error) {
      if (!(error instanceof PublisherError)) throw error
      refused.push({ id, code: 'bad-event', detail: error.message })
    }
  }
  return { isBatch: true, events, refused }
}

/**
 * Decodes a message as one event. Unknown fields of later releases are dropped and added to `tally`.
 * @throws {PublisherError} `bad-event`.
 */
export function readEvent({ id, content, homeUrl }: SiteMessage, tally?: UnknownFields): PostEvent {
  const event = readAs(eventSchema, content)
  if (tally !== undefined) tally.unknownFields += countUnknownFields(content, event)
  const { type, timestamp, data } = event
  const isPublic = type === 'post.published' || type === 'post.updated'
  // Release 0.1 of the plugin sends no home URL, so a copy of the CMS at another address may have sent the withdrawal.
  const says = isPublic ? 'published' : homeUrl === null ? 'suspended' : 'withdrawn'
  return { id, type, ...data, statement: { says, saidAt: new Date(timestamp) } }
}
