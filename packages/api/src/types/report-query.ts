import type { InputShapeFromFields } from '@pothos/core'
import type { Site } from '@peerpress/registry'
import {
  daysNamed,
  daysUntil,
  type Filter,
  maxFilters,
  maxFilterValues,
  rangeOfDays,
  type ReportQuery,
  StoreError,
} from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import { builder } from '../schema/builder.ts'
import { rangeFactor } from '../limits/work.ts'
import { arm, device, dimension, rangeName } from './enums.ts'

const maxDays = 2 * 366
const maxRangeMs = maxDays * 86_400_000

/** A range from one moment to another. */
export const rangeInput = builder.inputType('RangeInput', {
  description: 'A range of time of at most two years.',
  fields: (t) => ({
    from: t.field({ type: 'DateTime', required: true, description: 'First moment in it.' }),
    to: t.field({ type: 'DateTime', required: true, description: 'First moment after it.' }),
  }),
})

/** Whole days. */
export const daysInput = builder.inputType('DaysInput', {
  description: "Whole days of the site's time zone, at most two years of them.",
  fields: (t) => ({
    first: t.string({ required: true, description: 'The first day, such as 2026-05-01.' }),
    last: t.string({ required: true, description: 'The last day, which is in the range, too.' }),
  }),
})

const dimensionFilter = builder.inputType('DimensionFilter', {
  description: `A condition on one dimension. Give at least one of eq, in, not and isUnknown; all that are given must match. Values are those of a row's key, such as mobile.`,
  fields: (t) => ({
    dimension: t.field({ type: dimension, required: true, description: 'The dimension.' }),
    eq: t.string({ description: 'Views with this value.' }),
    in: t.stringList({ description: `Views with one of these values; 1 to ${maxFilterValues}.` }),
    not: t.stringList({
      description: `Views with none of these values, and views whose value is unknown; 1 to ${maxFilterValues}.`,
    }),
    isUnknown: t.boolean({
      description: 'true: only views whose value is unknown. false: only views whose value is known.',
    }),
  }),
})

const reportFilter = builder.inputType('ReportFilter', {
  description: 'Every given field must match.',
  fields: (t) => ({
    post: t.string({ description: "The post's postId." }),
    country: t.string({ description: 'ISO 3166-1 alpha-2.' }),
    subdivision: t.string({ description: 'ISO 3166-2.' }),
    network: t.string({ description: 'The autonomous system, as in a breakdown.' }),
    arm: t.field({ type: arm, description: 'The arm of the experiment.' }),
    device: t.field({ type: device, description: "The class of the reader's device." }),
    where: t.field({
      type: [dimensionFilter],
      description: `Further conditions, of any dimension. All must match; ${maxFilters} at most.`,
    }),
  }),
})

/** The arguments of every `report` field. */
export const reportArgs = builder.args((t) => ({
  range: t.field({
    type: rangeInput,
    description: 'From one moment to another. Give exactly one of range, days, period and lastDays.',
  }),
  days: t.field({ type: daysInput, description: 'Whole days.' }),
  period: t.field({ type: rangeName, description: 'Days by a name, such as LAST_30_DAYS.' }),
  lastDays: t.int({ description: "So many days of the site's time zone, the last of which is today." }),
  filter: t.field({ type: reportFilter, description: 'Only views that match it count.' }),
}))

type ReportArgs = InputShapeFromFields<typeof reportArgs>

/** A query for a report, and the time zone of the site's days. */
export interface SiteReportQuery extends ReportQuery {
  readonly timeZone: string
}

/** Returns the cost of a `report` field, from the length of its range. */
export function reportWork({ range, days, period, lastDays }: Omit<ReportArgs, 'filter'>): {
  readonly field: number
  readonly multiplier: number
} {
  // A text that is no day is refused before any query.
  const given = days ? { from: new Date(days.first), to: new Date(days.last) } : range
  // No named range has more days.
  const recent = { from: new Date(0), to: new Date((period == null ? (lastDays ?? 0) : 366) * 86_400_000) }
  return { field: 0, multiplier: rangeFactor(given ?? recent) }
}

/**
 * Returns the store's query for a `report` field's arguments.
 * @throws {ApiError} `BAD_USER_INPUT` when the range is empty, backwards or longer than two years, and unless there is
 * exactly one range
 */
export function queryFor(
  { id, timeZone }: Pick<Site, 'id' | 'timeZone'>,
  { filter, ...ranges }: ReportArgs,
): SiteReportQuery {
  const { from, to } = momentsOf(ranges, timeZone)
  if (from >= to) throw new ApiError('BAD_USER_INPUT', 'range.from must be before range.to.')
  if (to.getTime() - from.getTime() > maxRangeMs)
    throw new ApiError('BAD_USER_INPUT', 'A range is two years at most.')
  return { site: id, from, to, filter: filterOf(filter), timeZone }
}

function filterOf(filter: ReportArgs['filter']): Filter {
  const { where, ...named } = filter ?? {}
  const given = Object.entries(named).filter(([, value]) => value != null)
  return {
    ...(Object.fromEntries(given) as Filter),
    ...(where != null && {
      where: where.map(({ dimension: by, ...condition }) => ({
        by,
        eq: condition.eq ?? undefined,
        in: condition.in ?? undefined,
        not: condition.not ?? undefined,
        isUnknown: condition.isUnknown ?? undefined,
      })),
    }),
  }
}

function momentsOf(
  { range, days, period, lastDays }: Omit<ReportArgs, 'filter'>,
  timeZone: string,
): { readonly from: Date; readonly to: Date } {
  if ([range, days, period, lastDays].filter((given) => given != null).length !== 1) {
    throw new ApiError('BAD_USER_INPUT', 'Give a report exactly one of range, days, period and lastDays.')
  }
  if (range != null) return range
  if (lastDays != null && lastDays > maxDays) {
    throw new ApiError('BAD_USER_INPUT', `A range is two years at most: ${maxDays} days.`)
  }
  try {
    if (days != null) return rangeOfDays({ ...days, timeZone })
    const now = new Date()
    return rangeOfDays(
      period == null ? daysUntil(now, lastDays ?? 0, timeZone) : daysNamed(period, now, timeZone),
    )
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    throw new ApiError('BAD_USER_INPUT', `The report makes no sense: ${cause.message}.`, { cause })
  }
}
