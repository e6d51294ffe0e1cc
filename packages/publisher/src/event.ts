import { parseHttpUrl } from '@peerpress/registry'
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
export function readEvent({ id, content }: SiteMessage): PostEvent {
  const { type, data } = readAs(eventSchema, content)
  return { id, type, ...data }
}
