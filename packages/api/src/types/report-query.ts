import type { InputShapeFromFields } from '@pothos/core'
import type { Filter, ReportQuery } from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import { builder } from '../schema/builder.ts'
import { rangeFactor } from '../limits/work.ts'
import { arm, device } from './enums.ts'

const maxRangeMs = 2 * 366 * 86_400_000

const rangeInput = builder.inputType('RangeInput', {
  description: 'A range of time of at most two years.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', required: true, description: 'First moment in it.' }),
    to: t.field({ type: 'DateTime', required: true, description: 'First moment after it.' }),
  }),
})

const reportFilter = builder.inputType('ReportFilter', {
  description: 'Every given field must match.',
  fields: (t) => ({
    post: t.string({ description: "The post's postId." }),
    country: t.string({ description: 'ISO 3166-1 alpha-2.' }),
    subdivision: t.string({ description: 'ISO 3166-2.' }),
    network: t.string({ description: 'The autonomous system, as in a breakdown.' }),
    arm: t.field({ type: arm }),
    device: t.field({ type: device }),
  }),
})

/** The arguments of every `report` field. */
export const reportArgs = builder.args((t) => ({
  range: t.field({ type: rangeInput, required: true }),
  filter: t.field({ type: reportFilter }),
}))

/** Returns the cost of a `report` field, from the length of its range. */
export function reportWork({ range }: { readonly range: { readonly from: Date; readonly to: Date } }): {
  readonly field: number
  readonly multiplier: number
} {
  return { field: 0, multiplier: rangeFactor(range) }
}

/**
 * Returns the store's query for a `report` field's arguments.
 * @throws {ApiError} `BAD_USER_INPUT` when the range is empty, backwards or longer than two years
 */
export function queryFor(
  site: string,
  { range, filter }: InputShapeFromFields<typeof reportArgs>,
): ReportQuery {
  const { from, to } = range
  if (from >= to) throw new ApiError('BAD_USER_INPUT', 'range.from must be before range.to.')
  if (to.getTime() - from.getTime() > maxRangeMs)
    throw new ApiError('BAD_USER_INPUT', 'A range is two years at most.')
  const given = Object.entries(filter ?? {}).filter(([, value]) => value != null)
  return { site, from, to, filter: Object.fromEntries(given) as Filter }
}
