import type { PostSummary, Site } from '@peerpress/registry'
import { postIdSchema, siteIdSchema } from '@peerpress/wire'
import * as v from 'valibot'
import type { Sources } from './context.ts'

type Registry = Sources['registry']

/** Returns a site, or null. An invalid id does not reach the registry. */
export async function findSite({ sites }: Registry, siteId: string): Promise<Site | null> {
  return v.is(siteIdSchema, siteId) ? sites.get(siteId) : null
}

/** Returns a post, or null. An invalid id does not reach the registry. */
export async function findPost(
  { posts }: Registry,
  siteId: string,
  postId: string,
): Promise<PostSummary | null> {
  return v.is(siteIdSchema, siteId) && v.is(postIdSchema, postId) ? posts.summary(siteId, postId) : null
}
