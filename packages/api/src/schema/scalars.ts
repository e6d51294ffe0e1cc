import { ApiError } from '../api-error.ts'

const rfc3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/**
 * Parses a DateTime.
 * @throws {ApiError} `BAD_USER_INPUT` unless it is an RFC 3339 time of a day that exists
 */
export function parseDateTime(value: unknown): Date {
  const day = typeof value === 'string' ? rfc3339.exec(value)?.[1] : undefined
  // Date changes the 31st of a short month to the next month.
  const dayExists = day !== undefined && new Date(`${day}T00:00:00Z`).toJSON()?.startsWith(day)
  const moment = new Date(dayExists ? String(value) : Number.NaN)
  if (Number.isNaN(moment.getTime())) {
    throw new ApiError(
      'BAD_USER_INPUT',
      `Not a moment such as 2026-05-01T12:00:00Z: ${JSON.stringify(value)?.slice(0, 60)}`,
    )
  }
  return moment
}
