import { parseHttpUrl, type PostStatement } from '@peerpress/registry'
import { countUnknownFields, type PostId, postIdSchema, type UnknownFields } from '@peerpress/wire'
import * as v from 'valibot'
import { PublisherError } from './publisher-error.ts'
import { commonSchema, readAs, type SiteMessage } from './site-message.ts'

/** What happened to a post in its CMS. */
export type PostEventType = 'post.published' | 'post.updated' | 'post.unpublished' | 'post.deleted'

/** A verified event of a site. */
export interface PostEvent {
  /** `webhook-id`, or the id in a batch: the same for every delivery of one event. */
  readonly id: string
  readonly type: PostEventType
  readonly post: PostId
  readonly url: string
  /** What it states about the post. */
  readonly statement: PostStatement
}

/** An event of a batch that was not accepted. Sending it again does not help. */
export interface RefusedEvent {
  readonly id: string
  readonly code: 'bad-event' | 'foreign-url'
  /** For people. */
  readonly detail: string
}

/** The events of one message. */
export interface EventMessage {
  /** False for a message that is one event, as release 0.1 of the plugin sends them. */
  readonly isBatch: boolean
  readonly events: readonly PostEvent[]
  /** Always empty without a batch. */
  readonly refused: readonly RefusedEvent[]
}

/** Events in one batch. */
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
    // An offset without minutes passes, but is no time; and the registry's statements begin in 1970.
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
 * Reads a message as events, a batch when its type is `batch`, else one event, without the fields that this release does not
 * know, which are added to `tally`.
 * @throws {PublisherError} `bad-event` when the one event is malformed, or the batch itself.
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
 * Reads a message as an event, without the fields that this release does not know, which are added to `tally`.
 * @throws {PublisherError} `bad-event`.
 */
export function readEvent({ id, content, homeUrl }: SiteMessage, tally?: UnknownFields): PostEvent {
  const event = readAs(eventSchema, content)
  if (tally !== undefined) tally.unknownFields += countUnknownFields(content, event)
  const { type, timestamp, data } = event
  const isPublic = type === 'post.published' || type === 'post.updated'
  // Release 0.1 of the plugin gives no home URL: what withdraws a post may be a copy of the CMS at another address.
  const says = isPublic ? 'published' : homeUrl === null ? 'suspended' : 'withdrawn'
  return { id, type, ...data, statement: { says, saidAt: new Date(timestamp) } }
}
