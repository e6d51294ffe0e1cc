// SQL over a column `view`, of a view's place in the tables. Released steps of the schema contain these texts, so
// neither ever changes.

/** The hour in a view's id, its cell: all rows of the view are there. Ids without a time (version 4) share one cell. */
export const cellOfView = "toStartOfHour(UUIDv7ToDateTime(view, 'UTC'))"

/**
 * A hash of 40 bits that identifies a view within its site and cell, where its id is not stored because it hardly
 * compresses.
 */
export const hashOfView = 'bitShiftRight(cityHash64(view), 24)'
