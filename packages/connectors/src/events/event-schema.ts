import { parseHttpUrl } from '@peerpress/registry'
import * as v from 'valibot'

/** A change of a post in its CMS. */
export const postEventTypes = ['post.published', 'post.updated', 'post.unpublished', 'post.deleted'] as const
export type PostEventType = (typeof postEventTypes)[number]

/** Returns whether the event states that the post is public. */
export function isPublicEvent(type: PostEventType): boolean {
  return type === 'post.published' || type === 'post.updated'
}

/** When the CMS made the event. */
export const eventTimeSchema = v.pipe(
  v.string(),
  v.isoTimestamp(),
  // `isoTimestamp` accepts an offset without minutes, which is no valid time. The registry's statements start in 1970.
  v.check((text) => Date.parse(text) > 0, 'not a time since 1970'),
)

export const pageUrlSchema = v.pipe(
  v.string(),
  v.check((text) => parseHttpUrl(text) !== null, 'not an http(s) address without credentials'),
)
