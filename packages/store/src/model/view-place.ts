// SQL over a column `view`, of where a view lies in the tables. Steps of the schema that have run hold these texts: neither
// ever changes.

/** The hour in a view's id, its cell: all that is of the view lies there. Ids without a time (version 4) share one. */
export const cellOfView = "toStartOfHour(UUIDv7ToDateTime(view, 'UTC'))"

/** What tells a view among those of its site and cell where its id, which hardly compresses, is not kept: 40 bits. */
export const hashOfView = 'bitShiftRight(cityHash64(view), 24)'
