import { StoreError } from '@peerpress/store'
import { siteIdSchema } from '@peerpress/wire'
import * as v from 'valibot'
import { ApiError } from '../api-error.ts'
import { builder } from '../schema/builder.ts'
import { work } from '../limits/work.ts'
import { requireAction, requireSite } from '../records.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

builder.objectField(site, 'retentionDays', (t) =>
  t.int({
    description: 'Days that its measurements are retained.',
    complexity: work.query,
    resolve: ({ id }, _args, { keeping }) => refusing(keeping.retention(id)),
  }),
)

builder.relayMutationField(
  'siteRetain',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      days: t.int({ description: 'null: as many as for other sites.' }),
    }),
  },
  {
    description: "Retains a site's measurements for this many days from now on.",
    resolve: async (_root, { input: { siteId, days } }, context) => {
      const found = await requireSite(context, siteId, 'site.configure')
      await refusing(context.keeping.retain(siteId, days ?? null))
      return found
    },
  },
  { outputFields: (t) => ({ site: t.field({ type: site, resolve: (found) => found }) }) },
)

builder.relayMutationField(
  'siteRemove',
  { inputFields: (t) => ({ siteId: t.string({ required: true }) }) },
  {
    description:
      'Removes a site with its key, its posts, their copies and all its measurements. May be repeated after a failure.',
    resolve: (_root, { input: { siteId } }, context) => {
      if (!v.is(siteIdSchema, siteId)) throw new UserProblem('NOT_FOUND', 'siteId', 'Not the id of a site.')
      requireAction(context, 'site.remove', siteId)
      return refusing(context.keeping.removeSite(siteId))
    },
  },
  {
    outputFields: (t) => ({
      wasRegistered: t.exposeBoolean('wasRegistered'),
      views: t.exposeInt('views', { description: 'Views that were removed.' }),
    }),
  },
)

builder.relayMutationField(
  'visitorDayRemove',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      visitor: t.string({ required: true, description: "The visitor's number, as in an export." }),
      day: t.field({ type: 'DateTime', required: true, description: 'Any moment of the UTC day.' }),
    }),
  },
  {
    description: "Removes a visitor's views of a day. May be repeated after a failure.",
    resolve: async (_root, { input: { siteId, visitor, day } }, context) => {
      requireAction(context, 'visitor.remove', siteId)
      return { views: await refusing(context.keeping.removeVisitorDay({ site: siteId, visitor, day })) }
    },
  },
  { outputFields: (t) => ({ views: t.exposeInt('views', { description: 'Views that were removed.' }) }) },
)

/**
 * Converts the store's refusals.
 * @throws {ApiError} `BAD_USER_INPUT` or `UNAVAILABLE`
 */
async function refusing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    switch (cause.code) {
      case 'bad-query':
        throw new ApiError('BAD_USER_INPUT', cause.message, { cause })
      case 'busy':
      case 'unavailable':
      case 'engine-crashed':
      case 'closed':
        throw new ApiError('UNAVAILABLE', 'The store is not available at the moment; try again later.', {
          cause,
        })
      default:
        throw cause
    }
  }
}
