import { may } from '@peerpress/accounts'
import {
  type Channel,
  channelKinds,
  type Notification,
  notificationTypes,
  RegistryError,
} from '@peerpress/registry'
import { channelTargetProblem } from '@peerpress/watch'
import { ApiError } from '../api-error.ts'
import { registryRefusal } from '../registry-refusal.ts'
import type { RequestContext } from '../context.ts'
import { work } from '../limits/work.ts'
import { refuseReach, requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

const channelKind = builder.enumType('ChannelKind', {
  description: 'How a channel is notified. WEBHOOK: a POST request, signed as Standard Webhooks.',
  values: upperCased(channelKinds),
})

const notificationType = builder.enumType('NotificationType', {
  description:
    'What a notification is about: an incident that opened, got worse or ended, nothing (TEST), the week (DIGEST), a decision about a shared post (NOTICE), or the figures of a week or month (REPORT).',
  values: upperCased(notificationTypes),
})

const notification = builder.objectRef<Notification>('Notification').implement({
  description: 'A message to a channel.',
  fields: (t) => ({
    type: t.expose('type', { type: notificationType, description: 'What it is about.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written.' }),
    sentAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the receiver took it. Null while it is pending, and if it was given up.',
      resolve: ({ sentAt }) => sentAt,
    }),
    isPending: t.boolean({
      description: 'Whether it will be tried, or tried again.',
      resolve: ({ sentAt, endedAt }) => sentAt === null && endedAt === null,
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why the last attempt failed. Null if it did not.',
    }),
  }),
})

interface ChannelState {
  readonly last: Notification | null
  readonly pending: number
}

const channelState = builder.objectRef<ChannelState>('ChannelState').implement({
  description: 'What became of the notifications of a channel.',
  fields: (t) => ({
    last: t.expose('last', {
      type: notification,
      nullable: true,
      description: 'The newest notification. Null if there was none.',
    }),
    pending: t.exposeInt('pending', { description: 'Notifications that were not sent yet.' }),
  }),
})

export const channel = builder.objectRef<Channel>('Channel').implement({
  description: "Where a site's notifications go.",
  fields: (t) => ({
    channelId: t.exposeString('id', { description: 'The id that mutations take.' }),
    kind: t.expose('kind', { type: channelKind, description: 'How it is notified.' }),
    target: t.exposeString('target', { description: 'An e-mail address, or the URL of a webhook.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was added.' }),
    unsubscribedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its receiver unsubscribed. Null if it gets notifications.',
      resolve: ({ unsubscribedAt }) => unsubscribedAt,
    }),
    hasAlerts: t.exposeBoolean('hasAlerts', {
      description: 'Whether it gets notifications about incidents. Reports have recipients of their own.',
    }),
    hasDigest: t.exposeBoolean('hasDigest', {
      description: 'Whether it gets the weekly digest. Only e-mail channels can.',
    }),
    state: t.field({
      type: channelState,
      description: 'What became of its notifications.',
      complexity: work.record,
      resolve: ({ id }, _args, { registry }) => registry.notifications.state(id),
    }),
  }),
})

/** As many as the registry allows. */
const maxChannels = 20

builder.objectFields(site, (t) => ({
  channels: t.field({
    type: [channel],
    description: 'Oldest first. For owners: targets are personal.',
    complexity: { field: work.record, multiplier: maxChannels },
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'site.configure', id)
      return context.registry.channels.of(id)
    },
  }),
  channelKinds: t.field({
    type: [channelKind],
    description: 'The kinds that this server can notify. It has EMAIL if an SMTP server is set.',
    resolve: (_site, _args, { hasMail }) => channelKinds.filter((kind) => kind !== 'email' || hasMail),
  }),
}))

builder.relayMutationField(
  'channelAdd',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true }),
      kind: t.field({ type: channelKind, required: true }),
      target: t.string({ required: true, description: 'An e-mail address, or the URL of a webhook.' }),
    }),
  },
  {
    description:
      "Adds a channel: from now on it gets the site's notifications. In a site that may have private addresses, only an administrator adds a webhook on another origin.",
    resolve: async (_root, { input: { siteId, kind, target } }, context) => {
      const { registry, hasMail } = context
      const found = await requireSite(context, siteId, 'site.configure')
      const { allowPrivateAddresses } = found
      const problem = channelTargetProblem({ kind, target }, { hasMail, allowPrivateAddresses })
      if (problem !== null) throw new UserProblem('INVALID', 'target', problem)
      if (kind === 'webhook') refuseReach(found, [target], context)
      return refusing(registry.channels.add({ site: siteId, kind, target }))
    },
  },
  {
    outputFields: (t) => ({
      channel: t.expose('channel', { type: channel }),
      secret: t.exposeString('secret', {
        nullable: true,
        description:
          'Verifies the messages to a webhook (Standard Webhooks). It is not shown again. Null for e-mail.',
      }),
    }),
  },
)

builder.relayMutationField(
  'channelRemove',
  { inputFields: (t) => ({ channelId: t.string({ required: true }) }) },
  {
    description: 'Removes a channel with its pending notifications.',
    resolve: async (_root, { input: { channelId } }, context) => {
      const { id } = await requireChannel(context, channelId)
      return { wasThere: await context.registry.channels.remove(id) }
    },
  },
  {
    outputFields: (t) => ({
      wasThere: t.exposeBoolean('wasThere', {
        description: 'False if somebody else has removed it in the meantime.',
      }),
    }),
  },
)

builder.relayMutationField(
  'channelTest',
  { inputFields: (t) => ({ channelId: t.string({ required: true }) }) },
  {
    description:
      "Sends a test message. The channel's state has the outcome a moment later. One test a minute for each channel.",
    resolve: async (_root, { input: { channelId } }, context) => {
      const { id } = await requireChannel(context, channelId)
      const tested = await refusing(context.registry.channels.test(id))
      if (!tested) throw noChannel()
      return { channel: tested }
    },
  },
  { outputFields: (t) => ({ channel: t.expose('channel', { type: channel }) }) },
)

builder.relayMutationField(
  'channelDigestSet',
  {
    inputFields: (t) => ({
      channelId: t.string({ required: true, description: "The channel's id." }),
      hasDigest: t.boolean({ required: true, description: 'Whether it gets the weekly digest.' }),
    }),
  },
  {
    description:
      'Has an e-mail channel get the weekly digest of the site, or not. Each digest has the unsubscribe link of the channel.',
    resolve: async (_root, { input: { channelId, hasDigest } }, context) => {
      const { id } = await requireChannel(context, channelId)
      const changed = await context.registry.channels.setDigest(id, hasDigest)
      if (changed === null)
        throw new UserProblem('INVALID', 'channelId', 'Only an e-mail channel gets a digest.')
      return { channel: changed }
    },
  },
  { outputFields: (t) => ({ channel: t.expose('channel', { type: channel }) }) },
)

builder.relayMutationField(
  'channelAlertsSet',
  {
    inputFields: (t) => ({
      channelId: t.string({ required: true, description: "The channel's id." }),
      hasAlerts: t.boolean({
        required: true,
        description: 'Whether it gets notifications about incidents.',
      }),
    }),
  },
  {
    description: 'Has a channel get notifications about incidents, or not. It may get reports all the same.',
    resolve: async (_root, { input: { channelId, hasAlerts } }, context) => {
      const { id } = await requireChannel(context, channelId)
      const changed = await context.registry.channels.setAlerts(id, hasAlerts)
      if (changed === null) throw noChannel()
      return { channel: changed }
    },
  },
  { outputFields: (t) => ({ channel: t.expose('channel', { type: channel }) }) },
)

/** Loads a channel to change it. @throws {ApiError} `BAD_USER_INPUT` unless it is of a site that the principal may configure */
async function requireChannel({ registry, principal }: RequestContext, channelId: string): Promise<Channel> {
  const found = await registry.channels.get(channelId)
  if (found === null || !may(principal, 'site.configure', found.site)) throw noChannel()
  return found
}

function noChannel(): ApiError {
  return new UserProblem('NOT_FOUND', 'channelId', 'There is no such channel.')
}

/** @throws {ApiError} `BAD_USER_INPUT` for what the registry refuses */
async function refusing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof RegistryError) throw registryRefusal(cause)
    throw cause
  }
}
