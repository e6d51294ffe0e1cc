import { printSchema } from 'graphql'
import { schema } from './schema.ts'

/** Where the schema is kept in its own language, for people and for clients' generators. */
export const schemaFile = new URL('../../schema.graphql', import.meta.url)

/** The schema in GraphQL's schema language. */
export function schemaText(): string {
  return `${printSchema(schema)}\n`
}
