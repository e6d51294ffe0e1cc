import type { Site } from '@peerpress/registry'
import { setRates } from '../reports/savings-rates.ts'
import { builder } from '../schema/builder.ts'
import { consent, mode } from './enums.ts'
import { post } from './post.ts'
import { postOrder, postPage } from './post-order.ts'
import { pageWork, work } from '../limits/work.ts'
import { findPost, siteOf } from '../records.ts'
import { queryFor, reportArgs, reportWork } from './report-query.ts'
import { report } from './report.ts'

/** A registered site. */
export const site = builder.objectRef<Site>('Site')

builder.node(site, {
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'publicKey' in value,
  loadOne: (id, context) => siteOf(context, id, 'report.read'),
  fields: (t) => ({
    siteId: t.exposeString('id'),
    url: t.exposeString('url', { description: 'Its home URL.' }),
    name: t.string({
      description: 'Its name for people. Without one, the host and path of its home URL.',
      resolve: ({ name, url }) => name ?? url.replace(/^https?:\/\//, '').replace(/\/$/, ''),
    }),
    timeZone: t.exposeString('timeZone', {
      description: 'The time zone of its days, as in the IANA database. UTC unless it was set.',
    }),
    disconnectedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its CMS ended the connection. null: it did not.',
      resolve: ({ disconnectedAt }) => disconnectedAt,
    }),
    origins: t.exposeStringList('origins', {
      description: 'Origins from which its posts and media are fetched.',
    }),
    mode: t.expose('mode', {
      type: mode,
      description: 'Pages with a looser mode get no ticket.',
    }),
    consent: t.expose('consent', { type: consent }),
    publicKey: t.string({
      description: 'The Ed25519 key that verifies its manifests, base64url.',
      resolve: ({ publicKey }) => Buffer.from(publicKey).toString('base64url'),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    post: t.field({
      type: post,
      nullable: true,
      args: { postId: t.arg.string({ required: true }) },
      complexity: work.record,
      resolve: ({ id }, { postId }, context) => findPost(context, id, postId),
    }),
    posts: t.connection({
      type: post,
      description: 'Its posts: those that the search finds, in the order that is asked for.',
      args: {
        search: t.arg.string({
          description:
            'A part of the title or URL, in any case, of at most 200 characters. @default every post',
        }),
        orderBy: t.arg({
          type: postOrder,
          required: true,
          defaultValue: 'published',
          description: 'The order. A cursor is for one order alone.',
        }),
      },
      complexity: pageWork,
      resolve: ({ id }, args, context) => postPage(id, args, context),
    }),
    report: t.field({
      type: report,
      args: reportArgs,
      complexity: reportWork,
      resolve: (found, args, _context, info) => {
        setRates(info, found.savingsRates)
        return queryFor(found, args)
      },
    }),
  }),
})
