import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { pageWork, work } from '../limits/work.ts'
import { findSite } from '../records.ts'
import { site } from './site.ts'

builder.queryFields((t) => ({
  site: t.field({
    type: site,
    nullable: true,
    args: { siteId: t.arg.string({ required: true }) },
    complexity: work.record,
    resolve: (_root, { siteId }, { registry }) => findSite(registry, siteId),
  }),
  sites: t.connection({
    type: site,
    description: 'Newest first.',
    complexity: pageWork,
    resolve: async (_root, args, { registry }) =>
      pageOf(await registry.sites.list(), args, ({ createdAt, id }) => `${createdAt.toISOString()} ${id}`),
  }),
}))
