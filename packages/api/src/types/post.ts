import type { PostSummary } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import { builder } from '../schema/builder.ts'
import { work } from '../limits/work.ts'
import { findPost } from '../records.ts'
import { queryFor, reportArgs, reportWork } from './report-query.ts'
import { report } from './report.ts'

/** A published post. Its global id holds `siteId/postId`: neither may contain a slash. */
export const post = builder.objectRef<PostSummary>('Post')

builder.node(post, {
  description: 'A post whose media were published into the delivery network.',
  id: { resolve: ({ site, post: postId }) => `${site}/${postId}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'publishedAt' in value,
  loadOne: (id, { registry }) => {
    const [siteId = '', postId = ''] = id.split('/')
    return findPost(registry, siteId, postId)
  },
  fields: (t) => ({
    postId: t.exposeString('post', { description: "The CMS's id of the post." }),
    url: t.exposeString('url'),
    version: t.exposeInt('version', { description: 'Rises by one with every publication.' }),
    revoked: t.exposeBoolean('revoked', { description: 'It was unpublished or deleted.' }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      description: 'When this version was published.',
    }),
    assetCount: t.int({
      complexity: work.record,
      resolve: ({ site, post: postId }, _args, { registry }) => registry.posts.assetCount(site, postId),
    }),
    report: t.field({
      type: report,
      args: reportArgs,
      complexity: reportWork,
      resolve: ({ site, post: postId }, args) => {
        if (args.filter?.post != null && args.filter.post !== postId) {
          throw new ApiError('BAD_USER_INPUT', "A post's report can't be filtered by another post.")
        }
        return queryFor(site, { ...args, filter: { ...args.filter, post: postId } })
      },
    }),
  }),
})
