import { type ListedSitePost, type Place, type PostPosition, RegistryError } from '@peerpress/registry'
import type { DefaultConnectionArguments } from '@pothos/plugin-relay'
import type { SiteId } from '@peerpress/wire'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { builder } from '../schema/builder.ts'
import type { Page } from '../schema/connection.ts'
import { keysetPageOf } from '../schema/keyset.ts'

export const postOrder = builder.enumType('PostOrder', {
  description: 'The order of a list of posts.',
  values: {
    PUBLISHED: { value: 'published', description: 'Latest publication first.' },
    TITLE: { value: 'title', description: 'By title from A to Z; a post without one by its URL.' },
  } as const,
})

/** characters */
const maxSearch = 200

interface PostListArgs extends DefaultConnectionArguments {
  readonly orderBy: 'published' | 'title'
  readonly search?: string | null | undefined
}

/** Returns a page of a site's posts. @throws {ApiError} `BAD_USER_INPUT` */
export function postPage(
  site: SiteId,
  { orderBy, search, ...args }: PostListArgs,
  { registry }: Pick<RequestContext, 'registry'>,
): Promise<Page<ListedSitePost>> {
  const text = (search ?? '').trim()
  if (text.length > maxSearch) {
    throw new ApiError('BAD_USER_INPUT', `A search has ${maxSearch} characters at most.`)
  }
  return keysetPageOf(args, {
    list: ['posts', site, orderBy, text],
    load: async ({ after, before, ...query }) => {
      const posts = await registry.posts.page(site, {
        ...query,
        order: orderBy,
        search: text,
        after: after == null ? null : positionOf(after),
        before: before == null ? null : positionOf(before),
      })
      return posts.map((item) => ({
        item,
        place: [item.publishedAt.toISOString(), item.sortText, item.post],
      }))
    },
  })
}

function positionOf(place: Place): PostPosition {
  const [at = '', sortText = '', post = ''] = place
  const publishedAt = new Date(at)
  if (place.length !== 3 || Number.isNaN(publishedAt.getTime()) || `${sortText}${post}`.includes('\0')) {
    throw new RegistryError('invalid-place', 'Not a place in the order of this list.')
  }
  return { publishedAt, sortText, post }
}
