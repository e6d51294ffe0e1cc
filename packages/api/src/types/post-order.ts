import type { ListedSitePost, PostPosition } from '@peerpress/registry'
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
    name: `posts by ${orderBy}`,
    load: ({ after, before, ...request }) =>
      registry.posts.page(site, {
        ...request,
        order: orderBy,
        search: text,
        after: after && positionOf(after),
        before: before && positionOf(before),
      }),
    keyOf: ({ publishedAt, sortText, post }) => [publishedAt.toISOString(), sortText, post],
  })
}

function positionOf([at = '', sortText = '', post = '']: readonly string[]): PostPosition {
  const publishedAt = new Date(at)
  if (Number.isNaN(publishedAt.getTime()) || `${sortText}${post}`.includes('\0')) {
    throw new ApiError('BAD_USER_INPUT', 'Not a cursor that a page of this list gave.')
  }
  return { publishedAt, sortText, post }
}
