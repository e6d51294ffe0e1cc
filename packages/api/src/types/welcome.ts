import { actorOf, emailSchema, readInput } from '@peerpress/accounts'
import type { Welcome } from '@peerpress/registry'
import * as v from 'valibot'
import type { OperationContext } from '../context.ts'
import { refusingAccounts } from '../refusing-accounts.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { siteRole } from './account.ts'
import { UserProblem } from '../user-problem.ts'

const linkDescription =
  'The path of a link of one use, such as /welcome#TOKEN, on the address of this server. It is not shown again: send it to the person.'

builder.relayMutationField(
  'administratorInvite',
  { inputFields: (t) => ({ email: t.string({ required: true }) }) },
  {
    description:
      'Makes a link that creates an administrator, or makes one of an existing account. It holds for a week. For administrators.',
    resolve: (_root, { input: { email } }, context) => {
      requireAction(context, 'installation.manage', null)
      return linkOf(context, email, (address) => ({ kind: 'administrator', email: address }))
    },
  },
  { outputFields: (t) => ({ link: t.exposeString('link', { description: linkDescription }) }) },
)

builder.relayMutationField(
  'memberInvite',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      email: t.string({ required: true }),
      role: t.field({ type: siteRole, required: true, description: 'The role that the link gives.' }),
      sendsMail: t.boolean({
        description:
          'Whether the server sends the link to the address. Then it is not in the answer. The default is false.',
      }),
    }),
  },
  {
    description:
      'Makes a link that gives a person a role in a site, with an account if the person has none. It holds for a week. For owners.',
    resolve: async (_root, { input: { siteId, email, role, sendsMail } }, context) => {
      const { id, name, url } = await requireSite(context, siteId, 'member.manage')
      const welcomeFor = (address: string) => ({ kind: 'member', email: address, site: id, role }) as const
      if (sendsMail !== true) return { ...(await linkOf(context, email, welcomeFor)), isMailed: false }
      const { email: address } = await refusingAccounts(readAddress(email))
      const mail = { site: name ?? new URL(url).host, by: context.principal }
      await refusingAccounts(context.accounts.invitations.send(welcomeFor(address), mail))
      return { link: null, isMailed: true }
    },
  },
  {
    outputFields: (t) => ({
      link: t.exposeString('link', {
        nullable: true,
        description: `${linkDescription} Null if it was mailed.`,
      }),
      isMailed: t.exposeBoolean('isMailed', { description: 'Whether the server sent it to the address.' }),
    }),
  },
)

builder.relayMutationField(
  'passwordReset',
  { inputFields: (t) => ({ email: t.string({ required: true }) }) },
  {
    description:
      'Makes a link with which an account gets a new password. It holds for a day. For administrators.',
    resolve: async (_root, { input: { email } }, context) => {
      requireAction(context, 'installation.manage', null)
      const { email: address } = await refusingAccounts(readAddress(email))
      if ((await context.registry.accounts.openByEmail(address)) === null) {
        throw new UserProblem('NOT_FOUND', 'email', 'No open account has this e-mail address.')
      }
      return linkOf(context, address, () => ({ kind: 'password', email: address }))
    },
  },
  { outputFields: (t) => ({ link: t.exposeString('link', { description: linkDescription }) }) },
)

async function linkOf(
  { accounts, principal }: Pick<OperationContext, 'accounts' | 'principal'>,
  email: string,
  welcomeFor: (email: string) => Welcome,
): Promise<{ readonly link: string }> {
  const { email: address } = await refusingAccounts(readAddress(email))
  const token = await accounts.welcoming.issue(welcomeFor(address), actorOf(principal))
  return { link: `/welcome#${token}` }
}

async function readAddress(email: string): Promise<{ readonly email: string }> {
  return readInput(v.object({ email: emailSchema }), { email })
}
