import { actorOf, may } from '@peerpress/accounts'
import type { Member } from '@peerpress/registry'
import { pageWork, work } from '../limits/work.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { account, siteRole } from './account.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const member = builder.objectRef<Member>('Member').implement({
  description: 'An account with a role in a site.',
  fields: (t) => ({
    account: t.expose('account', { type: account }),
    role: t.expose('role', { type: siteRole }),
    since: t.expose('since', { type: 'DateTime', description: 'When it became a member.' }),
  }),
})

builder.objectFields(site, (t) => ({
  role: t.field({
    type: siteRole,
    nullable: true,
    description: 'Your role in this site. Null for administrators, tokens and readers.',
    resolve: ({ id }, _args, { principal }) =>
      principal.kind === 'account' ? (principal.roles.get(id) ?? null) : null,
  }),
  mayConfigure: t.boolean({
    description: 'Whether you may change its settings, members and tokens.',
    resolve: ({ id }, _args, { principal }) => may(principal, 'member.manage', id),
  }),
  members: t.field({
    type: [member],
    description: 'The members, oldest first. For owners.',
    deprecationReason: 'membersConnection has pages.',
    complexity: work.query,
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'member.manage', id)
      return context.registry.memberships.of(id)
    },
  }),
  membersConnection: t.connection({
    type: member,
    description: 'The members, newest first. For owners.',
    complexity: pageWork,
    resolve: ({ id }, args, context) => {
      requireAction(context, 'member.manage', id)
      return keysetPageOf(args, {
        list: ['members', id],
        load: (query) => context.registry.memberships.page(id, query),
      })
    },
  }),
}))

builder.relayMutationField(
  'memberRoleSet',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      accountId: t.string({ required: true }),
      role: t.field({ type: siteRole, required: true }),
    }),
  },
  {
    description:
      'Changes the role of a member. The tokens that it made for the site end unless it stays an owner. For owners.',
    resolve: async (_root, { input: { siteId, accountId, role } }, context) => {
      const { id } = await requireSite(context, siteId, 'member.manage')
      const key = { site: id, account: accountId }
      const changed = await context.registry.memberships.setRole(key, role, actorOf(context.principal))
      if (changed === null) throw new UserProblem('NOT_FOUND', 'accountId', 'The site has no such member.')
      return { member: changed }
    },
  },
  { outputFields: (t) => ({ member: t.expose('member', { type: member }) }) },
)

builder.relayMutationField(
  'memberRemove',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      accountId: t.string({ required: true }),
    }),
  },
  {
    description: 'Ends a membership. The tokens that the member made for the site end, too. For owners.',
    resolve: async (_root, { input: { siteId, accountId } }, context) => {
      const { id } = await requireSite(context, siteId, 'member.manage')
      const key = { site: id, account: accountId }
      const wasMember = await context.registry.memberships.remove(key, actorOf(context.principal))
      return { wasMember }
    },
  },
  { outputFields: (t) => ({ wasMember: t.exposeBoolean('wasMember') }) },
)
