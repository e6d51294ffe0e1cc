/**
 * Returns the statements that add columns to the rollups and have all units rolled up again, since older rows have no values
 * in the new columns. Released steps call it, so its text never changes.
 * @param columns names and types, such as `stall_count UInt64`
 */
export function addRollupColumns(columns: readonly string[]): string[] {
  const added = columns.map((column) => `ADD COLUMN IF NOT EXISTS ${column} CODEC(ZSTD)`).join(',\n  ')
  return [
    ...['hours', 'days'].map((table) => `ALTER TABLE ${table}\n  ${added}`),
    "INSERT INTO marks SELECT site, cell, 1, now64(3, 'UTC') FROM marks GROUP BY site, cell",
  ]
}
