import { accountOf, ownerOf } from '@peerpress/accounts'
import { type Account, type Identity, type Passkey, type Session, signInWays } from '@peerpress/registry'
import { work } from '../limits/work.ts'
import { builder } from '../schema/builder.ts'
import { shownNetwork } from './shown-network.ts'
import { upperCased } from './enums.ts'

/** The type of passkeys. */
export const passkey = builder.objectRef<Passkey>('Passkey').implement({
  description: 'A passkey of your account: it signs in without a password.',
  fields: (t) => ({
    passkeyId: t.exposeString('id', { description: 'The id that mutations take.' }),
    name: t.exposeString('name', { description: 'The name that you gave it.' }),
    isSynced: t.exposeBoolean('isSynced', {
      description: 'Whether its maker copies it between your devices. Another one is lost with its device.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
    usedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The last sign-in with it. Null if there was none.',
      resolve: ({ usedAt }) => usedAt,
    }),
  }),
})

const identity = builder.objectRef<Identity>('ProviderLink').implement({
  description: 'A person at the identity provider who may sign in to your account.',
  fields: (t) => ({
    providerLinkId: t.exposeString('id', { description: 'The id that mutations take.' }),
    issuer: t.exposeString('issuer', { description: 'The provider: its issuer URL.' }),
    email: t.exposeString('email', {
      nullable: true,
      description: 'The e-mail address that the provider last reported. Null if it reported none.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was linked.' }),
    usedAt: t.expose('usedAt', { type: 'DateTime', description: 'The last sign-in by it.' }),
  }),
})

const signInWay = builder.enumType('SignInWay', {
  description:
    'How a session began. PASSWORD, PASSKEY. PROVIDER: by the identity provider. LINK: by a link of one use.',
  values: upperCased(signInWays),
})

const session = builder.objectRef<Session>('Session').implement({
  description: 'A browser that is signed in to your account.',
  fields: (t) => ({
    sessionId: t.exposeString('id', { description: 'The id that mutations take. It is no secret.' }),
    isCurrent: t.boolean({
      description: 'Whether this request came with it.',
      resolve: ({ id }, _args, { principal }) => ownerOf(principal)?.session.id === id,
    }),
    network: t.string({
      nullable: true,
      description:
        'The network prefix of the browser when it signed in. Null for a session of an earlier release.',
      resolve: ({ network }) => (network === null ? null : shownNetwork(network)),
    }),
    way: t.field({
      type: signInWay,
      nullable: true,
      description: 'How it began. Null for a session of an earlier release.',
      resolve: ({ way }) => way,
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it began.' }),
    seenAt: t.expose('seenAt', { type: 'DateTime', description: 'Its last request, to the hour.' }),
  }),
})

const ownSignIn = builder.objectRef<Account>('OwnSignIn').implement({
  description: 'How you sign in to your account, and where you are signed in.',
  fields: (t) => ({
    hasPassword: t.boolean({
      description: 'Whether the account has a password.',
      complexity: work.record,
      resolve: ({ id }, _args, { registry }) => registry.accounts.hasPassword(id),
    }),
    passkeys: t.field({
      type: [passkey],
      description: 'Its passkeys, oldest first: at most twenty.',
      complexity: work.query,
      resolve: ({ id }, _args, { registry }) => registry.passkeys.of(id),
    }),
    providerLinks: t.field({
      type: [identity],
      description: 'The persons at the identity provider who may sign in to it, oldest first.',
      complexity: work.query,
      resolve: ({ id }, _args, { registry }) => registry.identities.of(id),
    }),
    providerName: t.string({
      nullable: true,
      description: 'The name of the identity provider of this server. Null if it has none.',
      resolve: (_account, _args, { accounts }) => accounts.provider.name,
    }),
    sessions: t.field({
      type: [session],
      description: 'The browsers that are signed in, latest request first.',
      complexity: work.query,
      resolve: ({ id }, _args, { registry }) => registry.sessions.of(id),
    }),
  }),
})

builder.queryFields((t) => ({
  ownSignIn: t.field({
    type: ownSignIn,
    nullable: true,
    description: 'How you sign in. Null for tokens and readers: they have no account.',
    resolve: (_root, _args, { principal }) => accountOf(principal),
  }),
}))
