import { accountOf, actorOf } from '@peerpress/accounts'
import { type Account, siteRoles } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import { pageWork, work } from '../limits/work.ts'
import { refusingAccounts } from '../refusing-accounts.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { upperCased } from './enums.ts'
import { UserProblem } from '../user-problem.ts'

/** The type of roles. */
export const siteRole = builder.enumType('SiteRole', {
  description:
    "What a member may do with a site. VIEWER: read reports. EDITOR: also publish posts and export views. OWNER: also change the site's settings, members and tokens, and remove it.",
  values: upperCased(siteRoles),
})

/** A person who can sign in. */
export const account = builder.objectRef<Account>('Account').implement({
  description: 'A person who can sign in.',
  fields: (t) => ({
    accountId: t.exposeString('id'),
    email: t.exposeString('email', { nullable: true, description: 'Null once the account is closed.' }),
    name: t.exposeString('name', { description: 'Empty once the account is closed.' }),
    isAdministrator: t.exposeBoolean('isAdministrator', {
      description: 'Administrators may do everything, in every site.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was closed. Null while it is open.',
      resolve: ({ closedAt }) => closedAt,
    }),
  }),
})

builder.queryFields((t) => ({
  me: t.field({
    type: account,
    nullable: true,
    description: 'The account that this request is signed in to. Null for tokens and readers.',
    resolve: (_root, _args, { principal }) => accountOf(principal),
  }),
  accounts: t.field({
    type: [account],
    description: 'All open accounts, oldest first. For administrators.',
    deprecationReason: 'accountsConnection has pages.',
    complexity: work.query,
    resolve: (_root, _args, context) => {
      requireAction(context, 'installation.manage', null)
      return context.registry.accounts.list()
    },
  }),
  accountsConnection: t.connection({
    type: account,
    description: 'All open accounts, newest first. For administrators.',
    complexity: pageWork,
    resolve: (_root, args, context) => {
      requireAction(context, 'installation.manage', null)
      return keysetPageOf(args, {
        list: ['accounts'],
        load: (query) => context.registry.accounts.page(query),
      })
    },
  }),
}))

builder.relayMutationField(
  'accountClose',
  { inputFields: (t) => ({ accountId: t.string({ required: true }) }) },
  {
    description:
      'Closes an account: its sessions, tokens and roles end, and its name and e-mail are erased. For administrators, and for the account itself.',
    resolve: async (_root, { input: { accountId } }, context) => {
      const { principal, registry } = context
      if (accountOf(principal)?.id !== accountId) requireAction(context, 'installation.manage', null)
      const outcome = await registry.accounts.close(accountId, actorOf(principal))
      if (outcome === 'unknown') throw new UserProblem('NOT_FOUND', 'accountId', 'There is no such account.')
      if (outcome === 'last-administrator') {
        throw new UserProblem(
          'LAST_WAY',
          'accountId',
          'This is the last administrator. Create another one first: ./peerpress account add EMAIL',
        )
      }
      return {}
    },
  },
  { outputFields: (t) => ({ closed: t.boolean({ resolve: () => true }) }) },
)

builder.relayMutationField(
  'accountPasswordChange',
  {
    inputFields: (t) => ({
      currentPassword: t.string({ required: true }),
      newPassword: t.string({ required: true, description: '12 to 256 characters.' }),
    }),
  },
  {
    description: 'Changes the password of your account. All its sessions end: sign in again.',
    resolve: async (_root, { input: { currentPassword, newPassword } }, { principal, accounts }) => {
      const own = accountOf(principal)
      if (own === null) throw new ApiError('FORBIDDEN', 'Sign in: a token has no password.')
      const passwords = { current: currentPassword, next: newPassword }
      await refusingAccounts(accounts.signIn.changePassword(own, passwords))
      return {}
    },
  },
  { outputFields: (t) => ({ changed: t.boolean({ resolve: () => true }) }) },
)

const rotation = builder.objectRef<{}>('OperatorTokenRotatePayload').implement({
  fields: (t) => ({ rotated: t.boolean({ resolve: () => true }) }),
})

builder.mutationField('operatorTokenRotate', (t) =>
  t.field({
    type: rotation,
    description:
      "Draws the operator's token anew and writes it into the data folder. The former one ends at once. For administrators.",
    resolve: async (_root, _args, context) => {
      requireAction(context, 'installation.manage', null)
      await context.accounts.rotateOperatorToken()
      await context.registry.audit.record({
        actor: actorOf(context.principal),
        action: 'operator-token.rotated',
      })
      return {}
    },
  }),
)
