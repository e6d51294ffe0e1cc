import { builder } from './builder.ts'
import '../types/queries.ts'
import '../types/keeping.ts'
import '../types/mutations.ts'
import '../types/schedule.ts'

/** The graph, as GraphQL's own schema object. */
export const schema = builder.toSchema()
