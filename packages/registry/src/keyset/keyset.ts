import type { Sql } from '../engines/database.ts'
import { RegistryError } from '../registry-error.ts'

/** The values of a list's order at one entry, as texts: what a cursor holds. */
export type Place = readonly string[]

/** An entry of a list, and its place in the order of the list. */
export interface Placed<Item> {
  readonly item: Item
  readonly place: Place
}

/** The entries between two places, from one end. */
export interface KeysetQuery {
  /** The entries after this place. @default from the first */
  readonly after?: Place | null
  /** The entries before this place. @default to the last */
  readonly before?: Place | null
  /** Take the last entries of those that match instead of the first. */
  readonly fromEnd: boolean
  readonly limit: number
}

/** How a value of the order is written in a place, and read from it. */
export type KeysetType = 'time' | 'day' | 'text' | 'boolean'

/** A statement whose rows are read page by page. */
export interface KeysetStatement<Row, Item> {
  readonly columns: string
  readonly from: string
  /** @default every row */
  readonly where?: string
  /** The values of `from` and `where`, from `$1` on. */
  readonly params?: readonly unknown[]
  /** No two rows are equal in it. */
  readonly order: KeysetOrder
  /** Returns the entry of a row. */
  readonly read: (row: Row) => Item
}

/** Expressions and their types, highest first. */
type KeysetOrder = readonly (readonly [expression: string, type: KeysetType])[]

/** Returns the order of lists whose newest entry is first. Entries of the same moment are ordered by their ids. */
export function newestFirst(time: string, id = 'id'): KeysetOrder {
  return [
    [time, 'time'],
    [id, 'text'],
  ]
}

/**
 * Returns a page of a statement's entries, in its order, without reading the others. A place stays valid when its row is removed.
 * @throws {RegistryError} `invalid-place` for a place that this order cannot have
 */
export async function keysetPage<Row extends object, Item>(
  sql: Sql,
  { columns, from, where = 'true', params: given = [], order, read }: KeysetStatement<Row, Item>,
  { after, before, fromEnd, limit }: KeysetQuery,
): Promise<Placed<Item>[]> {
  const params = [...given]
  const keys = order.map(([expression, type]) => types[type].ordered(expression))
  const beyond = (place: Place, sign: '<' | '>') => {
    if (place.length !== order.length) throw invalidPlace()
    const values = order.map(([, type], i) => {
      const value = types[type].read(place[i] ?? '')
      if (value === null) throw invalidPlace()
      return `$${params.push(value)}::${types[type].cast}`
    })
    return ` and (${keys.join(', ')}) ${sign} (${values.join(', ')})`
  }
  const bounds = `${after == null ? '' : beyond(after, '<')}${before == null ? '' : beyond(before, '>')}`
  const place = order.map(([expression, type]) => types[type].written(expression)).join(', ')
  const direction = fromEnd ? 'asc' : 'desc'
  const rows = await sql.query<Row & { readonly place: Place }>(
    `select ${columns}, array[${place}] as place from ${from} where (${where})${bounds}
     order by ${keys.map((key) => `${key} ${direction}`).join(', ')} limit $${params.push(limit)}`,
    params,
  )
  const placed = rows.map(({ place: at, ...row }) => ({ item: read(row as unknown as Row), place: at }))
  return fromEnd ? placed.toReversed() : placed
}

interface KeysetTypeOf {
  /** The expression whose order counts. */
  readonly ordered: (expression: string) => string
  /** The expression as it is in a place. */
  readonly written: (expression: string) => string
  /** The value of a place, for a parameter of the type `cast`; null if there is no such value. */
  readonly read: (text: string) => string | boolean | null
  readonly cast: string
}

const asIs = (expression: string): string => expression

const types: Readonly<Record<KeysetType, KeysetTypeOf>> = {
  // Microseconds since the Unix epoch: a Date would lose the last three digits, and with them entries at the edge of a page.
  time: {
    ordered: asIs,
    written: (expression) => `(extract(epoch from ${expression}) * 1000000)::bigint::text`,
    read: (text) => {
      const microseconds = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
      if (!Number.isSafeInteger(microseconds)) return null
      const seconds = new Date(Math.floor(microseconds / 1e6) * 1000).toISOString().slice(0, 19)
      return `${seconds}.${String(microseconds % 1e6).padStart(6, '0')}Z`
    },
    cast: 'timestamptz',
  },
  day: {
    ordered: asIs,
    written: (expression) => `${expression}::text`,
    read: (text) => {
      if (!/^(?!0000)\d{4}-\d\d-\d\d$/.test(text)) return null
      const date = new Date(`${text}T00:00:00Z`)
      return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null
    },
    cast: 'date',
  },
  // Bytes decide: the order is the same in each engine and locale.
  text: {
    ordered: (expression) => `${expression} collate "C"`,
    written: asIs,
    read: (text) => (text.includes('\0') ? null : text),
    cast: 'text',
  },
  boolean: {
    ordered: (expression) => `(${expression})`,
    written: (expression) => `(${expression})::int::text`,
    read: (text) => (text === '0' || text === '1' ? text === '1' : null),
    cast: 'boolean',
  },
}

function invalidPlace(): RegistryError {
  return new RegistryError('invalid-place', 'Not a place in the order of this list.')
}
