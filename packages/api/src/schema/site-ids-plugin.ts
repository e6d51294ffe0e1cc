import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { siteIdOf } from './site-id.ts'

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      siteIds: SiteIdsPlugin<Types>
    }
  }
}

interface MutationArgs {
  readonly input?: { readonly siteId?: string | null; readonly siteIds?: readonly string[] | null }
}

/**
 * Pothos plugin: a mutation takes a site's global id wherever it takes a siteId. Its resolver gets the siteId. Texts that are
 * neither stay as they are, for the resolver to refuse.
 */
class SiteIdsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { parentType }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (parentType !== 'Mutation') return resolve
    return (parent, args, context, info) => resolve(parent, withSiteIds(args), context, info)
  }
}

function withSiteIds(args: MutationArgs): MutationArgs {
  const { input } = args
  if (input == null) return args
  const { siteId, siteIds } = input
  return {
    ...args,
    input: {
      ...input,
      ...(siteId == null ? {} : { siteId: siteIdOf(siteId) || siteId }),
      ...(siteIds == null ? {} : { siteIds: siteIds.map((id) => siteIdOf(id) || id) }),
    },
  }
}

SchemaBuilder.registerPlugin('siteIds', SiteIdsPlugin)
