import { StoreError } from '../store-error.ts'
import { type DimensionFilter, dimensions, type Filter, maxFilterValues } from './report-query.ts'

/** Maximum number of conditions of one query. */
export const maxFilters = 30

/** The fields of {@link Filter} that name one value. */
const named = ['post', 'country', 'subdivision', 'network', 'arm', 'device'] as const

/**
 * Returns all conditions of a filter in one form.
 * @throws {StoreError} `bad-query` for an unknown dimension, an empty condition, or too many conditions or values
 */
export function conditionsOf(filter: Filter = {}): readonly DimensionFilter[] {
  const conditions: DimensionFilter[] = named.flatMap((by) =>
    filter[by] === undefined ? [] : [{ by, eq: filter[by] }],
  )
  for (const condition of filter.where ?? []) {
    check(condition)
    conditions.push(condition)
  }
  if (conditions.length > maxFilters) {
    throw new StoreError('bad-query', `a filter has ${maxFilters} conditions at most`)
  }
  return conditions
}

function check({ by, eq, in: among, not, isUnknown }: DimensionFilter): void {
  // The name becomes SQL, so it is checked at run time as well.
  if (!dimensions.includes(by)) throw new StoreError('bad-query', `no dimension ${JSON.stringify(by)}`)
  if ([eq, among, not, isUnknown].every((part) => part === undefined)) {
    throw new StoreError('bad-query', `a condition on ${by} needs one of eq, in, not and isUnknown`)
  }
  for (const values of [among, not]) {
    if (values !== undefined && (values.length < 1 || values.length > maxFilterValues)) {
      throw new StoreError('bad-query', `a condition on ${by} has 1 to ${maxFilterValues} values`)
    }
  }
}
