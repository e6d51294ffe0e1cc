import { createHash } from 'node:crypto'
import { type KeysetQuery, type Placed, RegistryError } from '@peerpress/registry'
import type { DefaultConnectionArguments } from '@pothos/plugin-relay'
import { ApiError } from '../api-error.ts'
import { pageSizes } from '../limits/work.ts'
import type { Page } from './connection.ts'

interface KeysetList<Item> {
  /**
   * What makes the list: its name, what it is of, its filters and its order. A cursor of one list is refused by all others.
   */
  readonly list: readonly unknown[]
  /** Reads the entries of a request, in the order of the list. */
  readonly load: (query: KeysetQuery) => Promise<readonly Placed<Item>[]>
}

/**
 * Returns the page of a list that the database reads without what comes before it.
 * @throws {ApiError} `BAD_USER_INPUT` for a size outside 1-100, both directions at once, or a cursor of another list
 */
export async function keysetPageOf<Item>(
  { first, last, after, before }: DefaultConnectionArguments,
  { list, load }: KeysetList<Item>,
): Promise<Page<Item>> {
  if (first != null && last != null) throw new ApiError('BAD_USER_INPUT', 'Give first or last, not both.')
  const { defaultSize, maxSize } = pageSizes
  const size = first ?? last ?? defaultSize
  if (size < 1 || size > maxSize) throw new ApiError('BAD_USER_INPUT', `A page has 1 to ${maxSize} entries.`)
  const fromEnd = last != null
  const fingerprint = createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 12)
  const read = (cursor: string | null | undefined) =>
    cursor == null ? null : readCursor(fingerprint, cursor)
  const query = { after: read(after), before: read(before), fromEnd, limit: size + 1 }
  const found = await load(query).catch(refuseWrongPlace)
  // The entry too many says that there is another page.
  const items = found.length <= size ? found : fromEnd ? found.slice(1) : found.slice(0, size)
  const hasMore = found.length > size
  const edges = items.map(({ item, place }) => ({ cursor: writeCursor(fingerprint, place), node: item }))
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

function writeCursor(fingerprint: string, place: readonly string[]): string {
  return Buffer.from(JSON.stringify([fingerprint, ...place])).toString('base64url')
}

function readCursor(fingerprint: string, cursor: string): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parsed) && parsed.every((part) => typeof part === 'string')) {
      const [of, ...place] = parsed
      if (of === fingerprint && writeCursor(of, place) === cursor) return place
    }
  } catch {
    // A text that is no JSON is refused as any other wrong cursor.
  }
  throw wrongCursor()
}

function refuseWrongPlace(error: unknown): never {
  throw error instanceof RegistryError && error.code === 'invalid-place' ? wrongCursor() : error
}

function wrongCursor(): ApiError {
  return new ApiError(
    'BAD_USER_INPUT',
    'Not a cursor that a page of this list gave: its filters and order must be the same.',
  )
}
