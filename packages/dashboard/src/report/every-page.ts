/** Maximum number of rows of a CSV file. */
const maxSavedRows = 1000

/** A page of a list. */
export interface ListPage<Row> {
  readonly rows: readonly Row[]
  /** The cursor of the next page; null: this is the last one. */
  readonly next: string | null
}

/** Loads the pages of a list one after another, up to {@link maxSavedRows} rows. */
export async function everyPage<Row>(
  load: (after: string | null) => Promise<ListPage<Row>>,
): Promise<readonly Row[]> {
  const found: Row[] = []
  let after: string | null = null
  do {
    const { rows, next }: ListPage<Row> = await load(after)
    found.push(...rows)
    // A page without rows would be requested forever.
    after = rows.length === 0 ? null : next
  } while (after !== null && found.length < maxSavedRows)
  return found.slice(0, maxSavedRows)
}
