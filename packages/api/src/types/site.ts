import type { Site } from '@peerpress/registry'
import { builder } from '../schema/builder.ts'
import { pageOf } from '../schema/connection.ts'
import { consent, mode } from './enums.ts'
import { post } from './post.ts'
import { pageWork, work } from '../limits/work.ts'
import { findPost, findSite } from '../records.ts'
import { queryFor, reportArgs, reportWork } from './report-query.ts'
import { report } from './report.ts'

/** A registered site. */
export const site = builder.objectRef<Site>('Site')

builder.node(site, {
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'publicKey' in value,
  loadOne: (id, { registry }) => findSite(registry, id),
  fields: (t) => ({
    siteId: t.exposeString('id'),
    url: t.exposeString('url', { description: 'Its home URL.' }),
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
      resolve: ({ id }, { postId }, { registry }) => findPost(registry, id, postId),
    }),
    posts: t.connection({
      type: post,
      description: 'Latest publication first.',
      complexity: pageWork,
      resolve: async ({ id }, args, { registry }) => {
        const posts = await registry.posts.list(id)
        return pageOf(posts, args, (entry) => `${entry.publishedAt.toISOString()} ${entry.post}`)
      },
    }),
    report: t.field({
      type: report,
      args: reportArgs,
      complexity: reportWork,
      resolve: ({ id }, args) => queryFor(id, args),
    }),
  }),
})
