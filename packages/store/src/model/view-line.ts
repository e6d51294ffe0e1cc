import { viewColumnNames, type ViewRow } from './view-row.ts'

/** Encodes a row for the store: its values in the order of `viewColumns`, as JSON without a line break. */
export function encodeViewRow(row: ViewRow): string {
  const values: unknown[] = viewColumnNames.map((name) => row[name] ?? null)
  while (values.at(-1) === null) values.pop()
  return JSON.stringify(values)
}

/** Decodes a line to its values by column. Older lines are objects with the columns' names. */
export function decodeViewRow(line: string): Record<string, unknown> {
  const decoded: unknown = JSON.parse(line)
  return Array.isArray(decoded)
    ? Object.fromEntries(
        decoded.flatMap((value, place) => (value === null ? [] : [[viewColumnNames[place] ?? place, value]])),
      )
    : (decoded as Record<string, unknown>)
}
