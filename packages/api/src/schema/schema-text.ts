import { printSchema } from 'graphql'
import { schema } from './schema.ts'

/** The file of the schema in GraphQL's schema language, for people and for clients' generators. */
export const schemaFile = new URL('../../schema.graphql', import.meta.url)

/** Returns the schema in GraphQL's schema language. */
export function schemaText(): string {
  return `${printSchema(schema)}\n`
}
