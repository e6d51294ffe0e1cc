import type { ReportFilter } from '../generated/graphql.ts'

/** The properties by which a report can be filtered, in the order of their chips. */
export const filterKeys = ['country', 'subdivision', 'network', 'device', 'arm', 'post'] as const
export type FilterKey = (typeof filterKeys)[number]

/** The values that views must have. */
export type Filter = { readonly [Key in FilterKey]?: string }

/** What a value can be. Others are no filter, so that a wrong link shows a report. */
const patterns: Readonly<Record<FilterKey, RegExp>> = {
  country: /^[A-Z]{2}$/,
  subdivision: /^[A-Z]{2}-[A-Z0-9]{1,3}$/,
  network: /^.{1,200}$/,
  device: /^(?:DESKTOP|MOBILE|TABLET|TV|OTHER)$/,
  arm: /^(?:ASSISTED|CONTROL|INELIGIBLE)$/,
  post: /^[\w.-]{1,128}$/,
}

/** Parses the filters of a query: `country=FR&device=MOBILE`. */
export function parseFilter(query: URLSearchParams): Filter {
  const found = filterKeys.flatMap((key) => {
    const value = query.get(key)
    return value !== null && patterns[key].test(value) ? [[key, value]] : []
  })
  return Object.fromEntries(found) as Filter
}

export function hasFilter(filter: Filter): boolean {
  return Object.keys(filter).length > 0
}

/** Returns a filter as the graph takes it. {@link parseFilter} has checked its values. */
export function graphFilter(filter: Filter): ReportFilter {
  return filter as ReportFilter
}

/** Returns a filter with another value of a property; null removes it. */
export function withFilter(filter: Filter, key: FilterKey, value: string | null): Filter {
  const { [key]: _removed, ...rest } = filter
  return value === null ? rest : { ...rest, [key]: value }
}
