import { parseHttpUrl, type PostStatement } from '@peerpress/registry'
import { type PostId, postIdSchema } from '@peerpress/wire'
import * as v from 'valibot'
import { readAs, type SiteMessage } from './site-message.ts'

/** What happened to a post in its CMS. */
export type PostEventType = 'post.published' | 'post.updated' | 'post.unpublished' | 'post.deleted'

/** A verified event of a site. */
export interface PostEvent {
  /** `webhook-id`: the same for every delivery of one event. */
  readonly id: string
  readonly type: PostEventType
  readonly post: PostId
  readonly url: string
  /** What it states about the post. */
  readonly statement: PostStatement
}

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
 * Reads a message as an event.
 * @throws {PublisherError} `bad-event`.
 */
export function readEvent({ id, content, homeUrl }: SiteMessage): PostEvent {
  const { type, timestamp, data } = readAs(eventSchema, content)
  const isPublic = type === 'post.published' || type === 'post.updated'
  // Release 0.1 of the plugin gives no home URL: what withdraws a post may be a copy of the CMS at another address.
  const says = isPublic ? 'published' : homeUrl === null ? 'suspended' : 'withdrawn'
  return { id, type, ...data, statement: { says, saidAt: new Date(timestamp) } }
}
