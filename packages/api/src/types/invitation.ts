import { actorOf } from '@peerpress/accounts'
import type { Invitation } from '@peerpress/registry'
import { work } from '../limits/work.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { siteRole } from './account.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const invitation = builder.objectRef<Invitation>('Invitation').implement({
  description: 'A link of one use that waits for a person. Its code is not stored.',
  fields: (t) => ({
    invitationId: t.exposeString('id', { description: 'The id that mutations take.' }),
    email: t.exposeString('email', { description: 'The address that it is for.' }),
    role: t.field({
      type: siteRole,
      nullable: true,
      description: 'The role that it gives. Null for an administrator.',
      resolve: ({ role }) => role,
    }),
    createdAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was made. Null for a link of an earlier release.',
      resolve: ({ createdAt }) => createdAt,
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends if nobody uses it.' }),
  }),
})

builder.objectFields(site, (t) => ({
  invitations: t.field({
    type: [invitation],
    description: 'The invitations that wait, latest first. For owners.',
    complexity: work.query,
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'member.manage', id)
      return context.registry.welcomes.invitations(id)
    },
  }),
}))

builder.queryFields((t) => ({
  administratorInvitations: t.field({
    type: [invitation],
    description: 'The invitations of administrators that wait, latest first. For administrators.',
    complexity: work.query,
    resolve: (_root, _args, context) => {
      requireAction(context, 'installation.manage', null)
      return context.registry.welcomes.invitations(null)
    },
  }),
}))

builder.relayMutationField(
  'invitationRevoke',
  {
    inputFields: (t) => ({
      siteId: t.string({ description: 'The site; left out for an invitation of an administrator.' }),
      invitationId: t.string({ required: true, description: 'The invitation.' }),
    }),
  },
  {
    description: 'Ends the link of an invitation at once. For owners, and for administrators.',
    resolve: async (_root, { input: { siteId, invitationId } }, context) => {
      if (siteId == null) requireAction(context, 'installation.manage', null)
      const of = siteId == null ? null : (await requireSite(context, siteId, 'member.manage')).id
      const key = { id: invitationId, site: of }
      if (await context.registry.welcomes.revoke(key, actorOf(context.principal))) return {}
      throw new UserProblem(
        'NOT_FOUND',
        'invitationId',
        'This invitation was used, has expired, or was revoked already.',
      )
    },
  },
  { outputFields: () => ({}) },
)
