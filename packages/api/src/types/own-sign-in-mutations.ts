import { accountOf, actorOf, nameSchema } from '@peerpress/accounts'
import type { Account, WayRemoval } from '@peerpress/registry'
import * as v from 'valibot'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { passkey } from './own-sign-in.ts'
import { UserProblem } from '../user-problem.ts'

const noPasskey = 'Your account has no such passkey. Load the page again.'

builder.relayMutationField(
  'passkeyRename',
  {
    inputFields: (t) => ({
      passkeyId: t.string({ required: true, description: 'The passkey, which is one of your own.' }),
      name: t.string({ required: true, description: 'Its new name: 1 to 100 characters.' }),
    }),
  },
  {
    description: 'Gives one of your passkeys another name.',
    resolve: async (_root, { input: { passkeyId, name } }, context) => {
      const { id: account } = requireOwn(context)
      const parsed = v.safeParse(nameSchema, name)
      if (!parsed.success) throw new UserProblem('INVALID', 'name', parsed.issues[0].message)
      const key = { id: passkeyId, account }
      if (!(await context.registry.passkeys.rename(key, parsed.output))) {
        throw new UserProblem('NOT_FOUND', 'passkeyId', noPasskey)
      }
      const passkeys = await context.registry.passkeys.of(account)
      return { passkey: passkeys.find(({ id }) => id === passkeyId) ?? null }
    },
  },
  {
    outputFields: (t) => ({
      passkey: t.expose('passkey', { type: passkey, nullable: true, description: 'The renamed passkey.' }),
    }),
  },
)

builder.relayMutationField(
  'passkeyRemove',
  {
    inputFields: (t) => ({
      passkeyId: t.string({ required: true, description: 'The passkey, which is one of your own.' }),
    }),
  },
  {
    description: 'Ends one of your passkeys. The last way to sign in stays.',
    resolve: async (_root, { input: { passkeyId } }, context) => {
      const { id: account } = requireOwn(context)
      const key = { id: passkeyId, account }
      const outcome = await context.registry.passkeys.remove(key, actorOf(context.principal))
      return answerTo(outcome, 'passkeyId', noPasskey)
    },
  },
  { outputFields: () => ({}) },
)

builder.relayMutationField(
  'providerUnlink',
  {
    inputFields: (t) => ({
      providerLinkId: t.string({ required: true, description: 'The link, which is one of your own.' }),
    }),
  },
  {
    description: 'Ends a link of your account to the identity provider. The last way to sign in stays.',
    resolve: async (_root, { input: { providerLinkId } }, context) => {
      const { id: account } = requireOwn(context)
      const key = { id: providerLinkId, account }
      const outcome = await context.registry.identities.unlink(key, actorOf(context.principal))
      return answerTo(outcome, 'providerLinkId', 'There is no such link.')
    },
  },
  { outputFields: () => ({}) },
)

builder.relayMutationField(
  'sessionEnd',
  {
    inputFields: (t) => ({
      sessionId: t.string({ required: true, description: 'The session, which is one of your own.' }),
    }),
  },
  {
    description: 'Signs one browser out of your account.',
    resolve: async (_root, { input: { sessionId } }, context) => {
      const { id } = requireOwn(context)
      if (await context.registry.sessions.endOne(id, sessionId)) return {}
      throw new UserProblem('NOT_FOUND', 'sessionId', 'This session has ended already.')
    },
  },
  { outputFields: () => ({}) },
)

const ended = builder.objectRef<{ readonly ended: number }>('SessionsEndPayload').implement({
  description: 'The sessions that ended.',
  fields: (t) => ({
    ended: t.exposeInt('ended', { description: 'How many browsers were signed out, this one included.' }),
  }),
})

builder.mutationField('sessionsEnd', (t) =>
  t.field({
    type: ended,
    description: 'Signs all browsers out of your account, this one included.',
    resolve: async (_root, _args, context) => {
      const { id } = requireOwn(context)
      return { ended: await context.registry.sessions.endAll(id, actorOf(context.principal)) }
    },
  }),
)

builder.relayMutationField(
  'accountSignInReset',
  {
    inputFields: (t) => ({
      accountId: t.string({ required: true, description: 'The account of a person who lost a device.' }),
    }),
  },
  {
    description:
      'Removes the passkeys and the links to the identity provider of an account, and ends its sessions. Its password stays; passwordReset makes a link for a new one. For administrators.',
    resolve: async (_root, { input: { accountId } }, context) => {
      requireAction(context, 'installation.manage', null)
      if (await context.registry.accounts.resetSignIn(accountId, actorOf(context.principal))) {
        return {}
      }
      throw new UserProblem('NOT_FOUND', 'accountId', 'There is no such open account.')
    },
  },
  { outputFields: () => ({}) },
)

const lastWay = 'It is the last way to sign in to your account. Add another one first.'

/** Returns the account of the caller. @throws {ApiError} `FORBIDDEN` */
export function requireOwn({ principal }: Pick<RequestContext, 'principal'>): Account {
  const own = accountOf(principal)
  if (own === null) throw new ApiError('FORBIDDEN', 'Sign in with your account: a token has none.')
  return own
}

function answerTo(outcome: WayRemoval, field: string, unknown: string): Record<string, never> {
  if (outcome === 'last-way') throw new UserProblem('LAST_WAY', field, lastWay)
  if (outcome !== 'removed') throw new UserProblem('NOT_FOUND', field, unknown)
  return {}
}
