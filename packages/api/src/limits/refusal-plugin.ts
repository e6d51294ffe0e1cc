import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import type { RequestRun } from '../reports/request-run.ts'

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      refusals: RefusalPlugin<Types>
    }
  }
}

/** Types whose fields may be refused. Fields of other types only return values that these fetched. */
const refusing = new Set(['Query', 'Mutation', 'Site', 'Post', 'Report', 'ReportSections'])

/** Pothos plugin: when a field refuses the request as a whole, the queries of all other fields are cancelled. */
class RefusalPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolve: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { parentType }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (!refusing.has(parentType)) return resolve
    return (parent, args, context, info) => {
      const { run } = context as { readonly run: RequestRun }
      const fail = (error: unknown): never => {
        run.fail(error)
        throw error
      }
      try {
        const value = resolve(parent, args, context, info)
        return value instanceof Promise ? value.catch(fail) : value
      } catch (error) {
        return fail(error)
      }
    }
  }
}

SchemaBuilder.registerPlugin('refusals', RefusalPlugin)
