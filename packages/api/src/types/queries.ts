import { builder } from '../builder.ts'
import { pageOf } from '../connection.ts'
import { site } from './site.ts'

builder.queryFields((t) => ({
  site: t.field({
    type: site,
    nullable: true,
    args: { siteId: t.arg.string({ required: true }) },
    resolve: (_root, { siteId }, { registry, budget }) => {
      budget.spend('record')
      return registry.sites.get(siteId)
    },
  }),
  sites: t.connection({
    type: site,
    description: 'Newest first.',
    resolve: async (_root, args, { registry }) =>
      pageOf(await registry.sites.list(), args, ({ createdAt, id }) => `${createdAt.toISOString()} ${id}`),
  }),
}))
