import { sitesWith } from '@peerpress/accounts'
import { ApiError } from '../api-error.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { pageWork, work } from '../limits/work.ts'
import { siteOf } from '../records.ts'
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
    resolve: (_root, args, { principal, registry }) => {
      const readable = sitesWith(principal, 'report.read')
      return keysetPageOf(args, {
        list: ['sites'],
        load: (query) => registry.sites.page(readable, query),
      })
    },
  }),
}))
