import { actorOf, may } from '@peerpress/accounts'
import { InsightsError, type SearchConsole } from '@peerpress/insights'
import { type SearchConnection, searchCredentialKinds, searchProblems } from '@peerpress/registry'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { work } from '../limits/work.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'

const credentialKind = builder.enumType('SearchCredentialKind', {
  description:
    "How a connection is authorised. OAUTH: by a person's consent. SERVICE_ACCOUNT: by the key of a service account.",
  values: upperCased(searchCredentialKinds),
})

const problem = builder.enumType('SearchProblem', {
  description:
    "Why an import does not go on. QUOTA: Google's limit is reached. UNREACHABLE: Google does not answer. REVOKED: connect again. FORBIDDEN: the account may not read the property. UNEXPECTED: an answer that is not documented.",
  values: upperCased(searchProblems),
})

type Progress = Awaited<ReturnType<SearchConsole['progress']>>

const progress = builder.objectRef<Progress>('SearchImportProgress').implement({
  description: 'How much of the 16 months that Google has was imported.',
  fields: (t) => ({
    days: t.exposeInt('days', { description: 'Days that were read.' }),
    firstDay: t.exposeString('firstDay', {
      nullable: true,
      description: 'The first of them, YYYY-MM-DD in Pacific time; null before the first.',
    }),
    lastDay: t.exposeString('lastDay', {
      nullable: true,
      description: 'The last of them, YYYY-MM-DD in Pacific time; null before the first.',
    }),
  }),
})

const connection = builder.objectRef<SearchConnection>('SearchConsoleConnection').implement({
  description: "A site's connection to Google Search Console. Its credential is never shown.",
  fields: (t) => ({
    kind: t.expose('kind', { type: credentialKind, description: 'How it is authorised.' }),
    account: t.string({
      nullable: true,
      description: "The service account's address, for owners; null for a person's consent.",
      resolve: ({ account, site: of }, _args, { principal }) =>
        may(principal, 'site.configure', of) ? account : null,
    }),
    property: t.exposeString('property', {
      nullable: true,
      description:
        'The property whose figures are imported, such as sc-domain:example.org; null until one is chosen.',
    }),
    connectedAt: t.expose('connectedAt', { type: 'DateTime', description: 'When it was connected.' }),
    importedAt: t.expose('importedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When all days were read; null before that.',
    }),
    problem: t.expose('problem', {
      type: problem,
      nullable: true,
      description: 'Why the import does not go on. Null while nothing is wrong.',
    }),
    detail: t.exposeString('detail', { nullable: true, description: 'The problem for people.' }),
    resumeAt: t.expose('resumeAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the import goes on; null: as soon as possible, or after the site was connected again.',
    }),
    progress: t.field({
      type: progress,
      description: 'How much was imported.',
      complexity: work.record,
      resolve: ({ site: of }, _args, { searchConsole }) => searchConsole.progress(of),
    }),
  }),
})

builder.objectFields(site, (t) => ({
  searchConsole: t.field({
    type: connection,
    nullable: true,
    description: 'The connection to Google Search Console; null if there is none.',
    complexity: work.record,
    resolve: ({ id }, _args, { searchConsole }) => searchConsole.connection(id),
  }),
  searchProperties: t.field({
    type: ['String'],
    description: 'The properties of this site that the connected account may read. Asks Google. For owners.',
    complexity: 10 * work.query,
    resolve: (found, _args, context) => {
      requireAction(context, 'site.configure', found.id)
      return refusing(context.searchConsole.properties(found.id))
    },
  }),
  canConsent: t.boolean({
    description:
      "Whether this server has a client of Google, so that a person's consent can connect the site.",
    resolve: (_site, _args, { searchConsole }) => searchConsole.hasClient,
  }),
}))

builder.relayMutationField(
  'searchConsoleConsent',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: "The site's id." }) }) },
  {
    description: 'Begins a consent: open the address, which comes back to this dashboard. For owners.',
    resolve: async (_root, { input }, context) => {
      const { id } = await requireSite(context, input.siteId, 'site.configure')
      return { url: await refusing(context.searchConsole.begin(id, actorOf(context.principal))) }
    },
  },
  {
    outputFields: (t) => ({
      url: t.exposeString('url', {
        description: "Google's page for the consent. It is valid for 15 minutes.",
      }),
    }),
  },
)

builder.relayMutationField(
  'searchConsoleComplete',
  {
    inputFields: (t) => ({
      code: t.string({ required: true, description: 'As Google gave it.' }),
      state: t.string({ required: true, description: 'As Google gave it.' }),
    }),
  },
  {
    description: 'Completes a consent. Only who began it can.',
    resolve: async (_root, { input }, context) => {
      const { principal, searchConsole } = context
      const by = {
        holder: actorOf(principal),
        may: (of: string) => may(principal, 'site.configure', of),
      }
      return connectedSite(await refusing(searchConsole.complete(input, by)), context)
    },
  },
  { outputFields: (t) => ({ site: t.expose('site', { type: site, description: 'The connected site.' }) }) },
)

builder.relayMutationField(
  'searchConsoleConnect',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      key: t.string({
        required: true,
        description: 'The key file of a service account, as Google gave it (JSON).',
      }),
    }),
  },
  {
    description:
      'Connects a site by the key of a service account, which must have been given access to the property in Search Console. For owners.',
    resolve: async (_root, { input }, context) => {
      const { id } = await requireSite(context, input.siteId, 'site.configure')
      return connectedSite(await refusing(context.searchConsole.connectByKey(id, input.key)), context)
    },
  },
  { outputFields: (t) => ({ site: t.expose('site', { type: site, description: 'The connected site.' }) }) },
)

builder.relayMutationField(
  'searchConsoleChoose',
  {
    inputFields: (t) => ({
      siteId: t.string({ required: true, description: "The site's id." }),
      property: t.string({
        required: true,
        description: 'One of the properties that searchProperties lists.',
      }),
    }),
  },
  {
    description:
      'Chooses the property whose figures are imported. Figures of the property before are removed. For owners.',
    resolve: async (_root, { input }, context) => {
      const { id } = await requireSite(context, input.siteId, 'site.configure')
      return connectedSite(await refusing(context.searchConsole.choose(id, input.property)), context)
    },
  },
  { outputFields: (t) => ({ site: t.expose('site', { type: site, description: 'The site.' }) }) },
)

builder.relayMutationField(
  'searchConsoleDisconnect',
  { inputFields: (t) => ({ siteId: t.string({ required: true, description: "The site's id." }) }) },
  {
    description: 'Ends the connection, and removes its credential and all imported figures. For owners.',
    resolve: async (_root, { input }, context) => {
      const { id } = await requireSite(context, input.siteId, 'site.configure')
      return { wasThere: await context.searchConsole.disconnect(id) }
    },
  },
  {
    outputFields: (t) => ({
      wasThere: t.exposeBoolean('wasThere', { description: 'False if the site had no connection.' }),
    }),
  },
)

async function connectedSite({ site: id }: SearchConnection, context: RequestContext) {
  return { site: await requireSite(context, id, 'site.configure') }
}

/** @throws {ApiError} `BAD_USER_INPUT` for what the connection or Google refuses */
async function refusing<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof InsightsError) throw new ApiError('BAD_USER_INPUT', cause.message, { cause })
    throw cause
  }
}
