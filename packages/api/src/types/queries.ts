import { ApiError } from '../api-error.ts'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { pageWork, work } from '../limits/work.ts'
import { readableSites, siteOf } from '../records.ts'
import { site } from './site.ts'

builder.queryFields((t) => ({
  site: t.field({
    type: site,
    nullable: true,
    description: 'A site by its id; null: there is none that you may read.',
    args: {
      id: t.arg.id({ description: 'Its global id. Give exactly one of id and siteId.' }),
      siteId: t.arg.string({
        description: 'Its siteId.',
        deprecationReason: 'Use id.',
      }),
    },
    complexity: work.record,
    resolve: (_root, { id, siteId }, context) => {
      const given = id ?? siteId
      if (given == null || (id != null && siteId != null)) {
        throw new ApiError('BAD_USER_INPUT', 'Give a site exactly one of id and siteId.')
      }
      return siteOf(context, given, 'report.read')
    },
  }),
  sites: t.connection({
    type: site,
    description: 'The sites that you may read, newest first.',
    complexity: pageWork,
    resolve: async (_root, args, context) =>
      pageOf(await readableSites(context), args, ({ createdAt, id }) => `${createdAt.toISOString()} ${id}`),
  }),
}))
