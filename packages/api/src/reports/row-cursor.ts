import { createHash } from 'node:crypto'
import type { Dimension, ReportQuery, RowOrder, RowPosition } from '@peerpress/store'
import * as v from 'valibot'
import { ApiError } from '../api-error.ts'

/** Returns a text that differs for queries whose rows, or their order, differ. */
export function fingerprintOf(
  { site, from, to, filter }: ReportQuery,
  {
    by,
    order,
    search,
  }: { readonly by: readonly Dimension[]; readonly order: RowOrder | null; readonly search: string },
): string {
  const text = JSON.stringify([site, from, to, filter, by, order, search])
  return createHash('sha256').update(text).digest('base64url').slice(0, 12)
}

/** Returns the cursor of a row. */
export function encodeRowCursor(fingerprint: string, { value, views, key }: RowPosition): string {
  return Buffer.from(JSON.stringify([fingerprint, value, views, key])).toString('base64url')
}

const cursorSchema = v.strictTuple([
  v.string(),
  v.nullable(v.number()),
  v.pipe(v.number(), v.minValue(0)),
  v.string(),
])

/** @throws {ApiError} `BAD_USER_INPUT` for another text, and for a cursor of another query */
export function decodeRowCursor(fingerprint: string, cursor: string): RowPosition {
  const parsed = v.safeParse(cursorSchema, parse(cursor))
  if (!parsed.success || parsed.output[0] !== fingerprint) {
    throw new ApiError(
      'BAD_USER_INPUT',
      'This cursor is of another query: site, range, filter, dimensions and order must be the same.',
    )
  }
  const [, value, views, key] = parsed.output
  return { value, views, key }
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return null
  }
}
