import type { AuditEvent } from '@peerpress/registry'
import type { DefaultConnectionArguments } from '@pothos/plugin-relay'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { pageWork, work } from '../limits/work.ts'
import { requireAction } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { site } from './site.ts'

const maxEvents = 500

const auditEvent = builder.objectRef<AuditEvent>('AuditEvent').implement({
  description: 'A recorded change of who may do what, or of the model that gets evidence of a site.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime' }),
    actor: t.exposeString('actor', {
      description: "The id of an account, operator for the operator's token, token:ID, or link.",
    }),
    actorName: t.string({
      nullable: true,
      description: 'The name of the account that did it. Null for anything else, and for a closed account.',
      complexity: work.record,
      resolve: ({ actor }, _args, { registry }) => nameOf(registry, actor),
    }),
    subjectName: t.string({
      nullable: true,
      description:
        'The name of the account that it is about. Null for anything else, and for a closed account.',
      complexity: work.record,
      resolve: ({ subject }, _args, { registry }) => (subject === null ? null : nameOf(registry, subject)),
    }),
    action: t.exposeString('action', { description: 'Stable, such as member.set.' }),
    siteId: t.exposeString('site', { nullable: true, description: 'Null if it concerns the installation.' }),
    subject: t.exposeString('subject', {
      nullable: true,
      description: 'The account, token, address or model that it is about.',
    }),
  }),
})

/** Returns the name of an account; null for any other text, and for a closed account. */
async function nameOf(
  { accounts }: Pick<RequestContext['registry'], 'accounts'>,
  id: string,
): Promise<string | null> {
  return (await accounts.get(id))?.name || null
}

const args = { first: { defaultValue: 50, required: true, description: `1 to ${maxEvents}.` } } as const

builder.objectFields(site, (t) => ({
  auditEvents: t.field({
    type: [auditEvent],
    description: 'The latest changes of its members, tokens and model, latest first. For owners.',
    deprecationReason: 'auditEventsConnection has pages.',
    complexity: work.query,
    args: { first: t.arg.int(args.first) },
    resolve: ({ id }, { first }, context) => {
      requireAction(context, 'member.manage', id)
      return context.registry.audit.list({ site: id, limit: limitOf(first) })
    },
  }),
  auditEventsConnection: t.connection({
    type: auditEvent,
    description: 'The changes of its members, tokens and model, latest first. For owners.',
    complexity: pageWork,
    resolve: ({ id }, pageArgs, context) => {
      requireAction(context, 'member.manage', id)
      return auditPage(id, pageArgs, context)
    },
  }),
}))

builder.queryFields((t) => ({
  auditEvents: t.field({
    type: [auditEvent],
    description: 'The latest changes of accounts, members and tokens, latest first. For administrators.',
    deprecationReason: 'auditEventsConnection has pages.',
    complexity: work.query,
    args: { first: t.arg.int(args.first) },
    resolve: (_root, { first }, context) => {
      requireAction(context, 'installation.manage', null)
      return context.registry.audit.list({ limit: limitOf(first) })
    },
  }),
  auditEventsConnection: t.connection({
    type: auditEvent,
    description: 'The changes of accounts, members and tokens, latest first. For administrators.',
    complexity: pageWork,
    resolve: (_root, pageArgs, context) => {
      requireAction(context, 'installation.manage', null)
      return auditPage(null, pageArgs, context)
    },
  }),
}))

function auditPage(
  of: string | null,
  pageArgs: DefaultConnectionArguments,
  { registry }: Pick<RequestContext, 'registry'>,
) {
  return keysetPageOf(pageArgs, {
    list: ['audit events', of],
    load: (query) => registry.audit.page(of, query),
  })
}

function limitOf(first: number): number {
  if (first >= 1 && first <= maxEvents) return first
  throw new ApiError('BAD_USER_INPUT', `Ask for 1 to ${maxEvents} events.`)
}
