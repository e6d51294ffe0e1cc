import type { DefaultConnectionArguments } from '@pothos/plugin-relay'
import { ApiError } from '../api-error.ts'
import { pageSizes } from '../limits/work.ts'
import type { Page } from './connection.ts'

/** A page that the database reads: the entries between two cursors, from one end. */
export interface KeysetRequest {
  /** The values of a cursor; null without one. */
  readonly after: readonly string[] | null
  readonly before: readonly string[] | null
  /** Take the last entries instead of the first. */
  readonly fromEnd: boolean
  readonly limit: number
}

interface KeysetList<Item> {
  /** The name of the list and of its order. A cursor is for one of them alone. */
  readonly name: string
  /** Reads the entries of a request, in the order of the list. */
  readonly load: (request: KeysetRequest) => Promise<readonly Item[]>
  /** The values of the list's order, in which no two entries are equal. */
  readonly keyOf: (item: Item) => readonly string[]
}

/**
 * Returns the page of a list that the database reads without what comes before it.
 * @throws {ApiError} `BAD_USER_INPUT` for a size outside 1-100, both directions at once, or a cursor of another list
 */
export async function keysetPageOf<Item>(
  { first, last, after, before }: DefaultConnectionArguments,
  { name, load, keyOf }: KeysetList<Item>,
): Promise<Page<Item>> {
  if (first != null && last != null) throw new ApiError('BAD_USER_INPUT', 'Give first or last, not both.')
  const { defaultSize, maxSize } = pageSizes
  const size = first ?? last ?? defaultSize
  if (size < 1 || size > maxSize) throw new ApiError('BAD_USER_INPUT', `A page has 1 to ${maxSize} entries.`)
  const fromEnd = last != null
  const read = (cursor: string | null | undefined) => (cursor == null ? null : readCursor(name, cursor))
  const found = await load({ after: read(after), before: read(before), fromEnd, limit: size + 1 })
  // The entry too many says that there is another page.
  const items = found.length <= size ? found : fromEnd ? found.slice(1) : found.slice(0, size)
  const hasMore = found.length > size
  const edges = items.map((node) => ({ cursor: writeCursor(name, keyOf(node)), node }))
  return {
    edges,
    pageInfo: {
      hasPreviousPage: fromEnd ? hasMore : after != null,
      hasNextPage: fromEnd ? before != null : hasMore,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

function writeCursor(name: string, key: readonly string[]): string {
  return Buffer.from(JSON.stringify([name, ...key])).toString('base64url')
}

function readCursor(name: string, cursor: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parsed) && parsed.every((part) => typeof part === 'string')) {
      const [of, ...key] = parsed
      if (of === name && writeCursor(name, key) === cursor) return key
    }
  } catch {
    // A text that is no JSON is refused as any other wrong cursor.
  }
  throw new ApiError('BAD_USER_INPUT', 'Not a cursor that a page of this list gave.')
}
