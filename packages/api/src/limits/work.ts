import { complexityFromQuery } from '@pothos/plugin-complexity'
import { type DocumentNode, type GraphQLSchema, Kind } from 'graphql'
import { ApiError } from '../api-error.ts'

/** Maximum cost of one request. */
const maxWork = 1000

/** Costs of fields. Other fields cost nothing. */
export const work = {
  /** A query to the store. */
  query: 10,
  /** A record read from the registry. */
  record: 1,
} as const

const yearMs = 366 * 86_400_000

/** Returns the factor of a report's queries: they cost twice as much over more than a year. */
export function rangeFactor({ from, to }: { readonly from: Date; readonly to: Date }): number {
  return to.getTime() - from.getTime() > yearMs ? 2 : 1
}

/** Returns the cost of a report's rows: they cost twice as much beyond 250, and once for each dimension. */
export function rowsCost({ by, first }: { readonly by: readonly string[]; readonly first: number }): number {
  return (first > 250 ? 2 : 1) * Math.max(1, by.length) * work.query
}

/** Returns the cost of a list's page: one read, and the selected fields of each entry. */
export function pageWork({
  first,
  last,
}: {
  readonly first?: number | null | undefined
  readonly last?: number | null | undefined
}): { readonly field: number; readonly multiplier: number } {
  const { defaultSize, maxSize } = pageSizes
  return { field: work.record, multiplier: Math.min(maxSize, Math.max(0, first ?? last ?? defaultSize)) }
}

/** Numbers of entries of a list's page. */
export const pageSizes = { defaultSize: 20, maxSize: 100 } as const

/** An operation before its execution. */
export interface Operation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName: string | null | undefined
  readonly variables: Record<string, unknown>
}

/**
 * Returns the maximum cost of an operation, from its text and variables alone. Lists count with their maximum length,
 * and a field that two fragments select counts twice.
 * @throws {ApiError} `QUERY_TOO_COMPLEX` when it is more than {@link maxWork}
 */
export function judgeWork({ schema, document, operationName, variables }: Operation): number {
  // The library uses the first operation of the document.
  const definitions = document.definitions.filter(
    (definition) =>
      definition.kind !== Kind.OPERATION_DEFINITION ||
      operationName == null ||
      definition.name?.value === operationName,
  )
  const { complexity } = complexityFromQuery({ ...document, definitions }, { schema, variables })
  if (complexity <= maxWork) return complexity
  throw new ApiError(
    'QUERY_TOO_COMPLEX',
    `The request may cost ${complexity}; ${maxWork} are allowed: ${maxWork / work.query} totals, series and breakdowns ` +
      `or ${maxWork} records. Ask for fewer sites or posts at a time, or for a shorter range.`,
  )
}
