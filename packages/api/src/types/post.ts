import { ApiError } from '../api-error.ts'
import { setRates } from '../reports/savings-rates.ts'
import { builder } from '../schema/builder.ts'
import { work } from '../limits/work.ts'
import { findPost, siteOf } from '../records.ts'
import { queryFor, reportArgs, reportWork } from './report-query.ts'
import { post } from './post-ref.ts'
import { report } from './report.ts'

export { post } from './post-ref.ts'

// A post's global id holds `siteId/postId`: neither may contain a slash.
builder.node(post, {
  description: 'A post whose media were published into the delivery network.',
  id: { resolve: ({ site, post: postId }) => `${site}/${postId}` },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'publishedAt' in value,
  loadOne: (id, context) => {
    const [siteId = '', postId = ''] = id.split('/')
    return findPost(context, siteId, postId)
  },
  fields: (t) => ({
    postId: t.exposeString('post', { description: "The CMS's id of the post." }),
    url: t.exposeString('url', { description: 'The URL of its page.' }),
    version: t.exposeInt('version', { description: 'Rises by one with every publication.' }),
    revoked: t.exposeBoolean('revoked', { description: 'It was unpublished or deleted.' }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      description: 'When this version was published.',
    }),
    assetCount: t.int({
      description: 'Number of assets of this version.',
      complexity: work.record,
      resolve: ({ site, post: postId }, _args, { posts }) => posts.assetCounts.load({ site, post: postId }),
    }),
    report: t.field({
      type: report,
      description: "What was measured of the post's views in a range of time.",
      args: reportArgs,
      complexity: reportWork,
      resolve: async ({ site, post: postId }, args, context, info) => {
        if (args.filter?.post != null && args.filter.post !== postId) {
          throw new ApiError('BAD_USER_INPUT', "A post's report can't be filtered by another post.")
        }
        const owner = await siteOf(context, site, 'report.read')
        // The site was removed meanwhile.
        if (!owner) throw new ApiError('BAD_USER_INPUT', 'There is no such site.')
        setRates(info, owner.savingsRates)
        return queryFor(owner, { ...args, filter: { ...args.filter, post: postId } })
      },
    }),
  }),
})
