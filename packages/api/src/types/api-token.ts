import { actorOf, maxTokenSites, may, type Principal, scopes } from '@peerpress/accounts'
import type { ApiToken } from '@peerpress/registry'
import { pageWork, work } from '../limits/work.ts'
import { refusingAccounts } from '../refusing-accounts.ts'
import { requireAction, requireSite } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { keysetPageOf } from '../schema/keyset.ts'
import { site } from './site.ts'
import { UserProblem } from '../user-problem.ts'

/** A scope in GraphQL's spelling: the dots of actions become underscores. */
const scopeNames = Object.fromEntries(
  scopes.map((value) => [value.toUpperCase().replaceAll('.', '_'), { value }]),
) as Record<string, { readonly value: (typeof scopes)[number] }>

const tokenScope = builder.enumType('TokenScope', {
  description:
    'What a token permits in its sites. REPORT_READ: reading reports, which every token but that of a seed may. MEASUREMENT_EXPORT: exporting views. POST_PUBLISH: publishing posts. COMMUNITY_SHARE: sharing posts with the community. COMMUNITY_VOTE: voting there. SITE_CONFIGURE: changing settings. SEED: the work of a seed, and nothing else.',
  values: scopeNames,
})

const apiToken = builder.objectRef<ApiToken>('ApiToken').implement({
  description: 'A token with which a program acts in some sites. Its secret is not stored.',
  fields: (t) => ({
    tokenId: t.exposeString('id'),
    name: t.exposeString('name'),
    scopes: t.field({
      type: [tokenScope],
      // A later release may have recorded scopes that this one does not know.
      resolve: (token) => scopes.filter((scope) => token.scopes.includes(scope)),
    }),
    siteIds: t.field({
      type: ['String'],
      description: 'The sites of the token that you may manage.',
      resolve: ({ sites }, _args, { principal }) => sites.filter((id) => may(principal, 'token.manage', id)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Null if it does not expire.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
    usedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Its last use, to the hour. Null if it was not used.',
      resolve: ({ usedAt }) => usedAt,
    }),
  }),
})

builder.objectFields(site, (t) => ({
  tokens: t.field({
    type: [apiToken],
    description: 'The tokens for programs, oldest first, also expired ones. For owners.',
    deprecationReason: 'tokensConnection has pages.',
    complexity: work.query,
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'token.manage', id)
      return context.registry.apiTokens.of(id)
    },
  }),
  tokensConnection: t.connection({
    type: apiToken,
    description: 'The tokens for programs, newest first, also expired ones. For owners.',
    complexity: pageWork,
    resolve: ({ id }, args, context) => {
      requireAction(context, 'token.manage', id)
      return keysetPageOf(args, {
        list: ['tokens', id],
        load: (query) => context.registry.apiTokens.page(id, query),
      })
    },
  }),
}))

builder.relayMutationField(
  'tokenCreate',
  {
    inputFields: (t) => ({
      name: t.string({ required: true, description: 'For people.' }),
      siteIds: t.stringList({ required: true, description: 'The sites in which it holds.' }),
      scopes: t.field({ type: [tokenScope], required: true }),
      expiresAt: t.field({ type: 'DateTime', description: 'Within a year. Only a SEED needs none.' }),
    }),
  },
  {
    description: 'Makes a token for a program. For owners of all its sites.',
    resolve: async (_root, { input }, context) => {
      const sites = [...new Set(input.siteIds)]
      // Each site costs a query, so there is a limit before the first.
      if (sites.length > maxTokenSites) {
        throw new UserProblem('TOO_MANY', 'siteIds', `Name at most ${maxTokenSites} sites.`)
      }
      for (const siteId of sites) await requireSite(context, siteId, 'token.manage')
      const request = {
        name: input.name,
        sites,
        scopes: input.scopes,
        expiresAt: input.expiresAt ?? null,
      }
      return refusingAccounts(context.accounts.tokens.issue(request, context.principal))
    },
  },
  {
    outputFields: (t) => ({
      token: t.expose('token', { type: apiToken }),
      secret: t.exposeString('secret', {
        description: 'For the header "Authorization: Bearer SECRET". It is not shown again.',
      }),
    }),
  },
)

builder.relayMutationField(
  'tokenRevoke',
  { inputFields: (t) => ({ tokenId: t.string({ required: true }) }) },
  {
    description: 'Ends a token at once, in all its sites. For owners of one of them.',
    resolve: async (_root, { input: { tokenId } }, { registry, principal }) => {
      const token = await registry.apiTokens.get(tokenId)
      if (token === null || !mayRevoke(principal, token)) {
        throw new UserProblem('NOT_FOUND', 'tokenId', 'There is no such token.')
      }
      return { wasValid: await registry.apiTokens.revoke(tokenId, actorOf(principal)) }
    },
  },
  { outputFields: (t) => ({ wasValid: t.exposeBoolean('wasValid') }) },
)

builder.relayMutationField(
  'seedTokensRotate',
  { inputFields: (t) => ({ siteId: t.string({ required: true }) }) },
  {
    description:
      'Ends all tokens of the seeds of a site, also those of release 0.1, and makes a new one. For owners.',
    resolve: async (_root, { input: { siteId } }, context) => {
      const { id } = await requireSite(context, siteId, 'token.manage')
      return { secret: await context.accounts.tokens.rotateSeeds(id, context.principal) }
    },
  },
  {
    outputFields: (t) => ({
      secret: t.exposeString('secret', { description: 'For PEERPRESS_SEED_TOKEN. It is not shown again.' }),
    }),
  },
)

function mayRevoke(principal: Principal, { sites }: ApiToken): boolean {
  return principal.kind === 'administrator' || sites.some((id) => may(principal, 'token.manage', id))
}
