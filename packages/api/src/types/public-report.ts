import { actorOf } from '@peerpress/accounts'
import type { PublicReport } from '@peerpress/registry'
import { randomBytes } from 'node:crypto'
import { work } from '../limits/work.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const publicReport = builder.objectRef<PublicReport>('PublicReport').implement({
  description: "A site's report that everybody with its address reads: the overview's figures alone.",
  fields: (t) => ({
    path: t.string({
      description: 'The path of its address on this server.',
      resolve: ({ token }) => `/public/${token}`,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When this address was made.' }),
  }),
})

builder.objectFields(site, (t) => ({
  publicReport: t.field({
    type: publicReport,
    nullable: true,
    description: 'The public report. Null if there is none. For owners: the address is its only protection.',
    complexity: work.record,
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'site.configure', id)
      return context.registry.publicReports.of(id)
    },
  }),
}))

builder.relayMutationField(
  'publicReportPublish',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: "The site's id." }) }) },
  {
    description:
      "Shows the overview's figures of a site at a new public address. A former address ends at once. For owners.",
    resolve: async (_root, { input: { siteId } }, context) => {
      const { id } = await requireSite(context, siteId, 'site.configure')
      const token = randomBytes(32).toString('base64url')
      const report = await context.registry.publicReports.publish(id, token, actorOf(context.principal))
      // The site was removed meanwhile.
      if (report === null) throw new UserProblem('NOT_FOUND', 'siteId', 'There is no such site.')
      return { publicReport: report }
    },
  },
  {
    outputFields: (t) => ({
      publicReport: t.expose('publicReport', { type: publicReport, description: 'The public report.' }),
    }),
  },
)

builder.relayMutationField(
  'publicReportRevoke',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: "The site's id." }) }) },
  {
    description: 'Ends the public address of a site at once. For owners.',
    resolve: async (_root, { input: { siteId } }, context) => {
      const { id } = await requireSite(context, siteId, 'site.configure')
      return { wasPublic: await context.registry.publicReports.revoke(id, actorOf(context.principal)) }
    },
  },
  {
    outputFields: (t) => ({
      wasPublic: t.exposeBoolean('wasPublic', { description: 'Whether there was a public address.' }),
    }),
  },
)
