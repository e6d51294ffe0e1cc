import type { DefaultConnectionArguments } from '@pothos/plugin-relay'
import { ApiError } from '../api-error.ts'
import { pageSizes } from '../limits/work.ts'

/** One page of a list in the form of Relay's cursor connections. */
export interface Page<Item> {
  readonly edges: { readonly cursor: string; readonly node: Item }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

const { defaultSize, maxSize } = pageSizes

/**
 * Returns the page of `items` for `args`. Items are ordered by `rank`, highest first. A cursor contains a rank, so it
 * stays valid when its item is removed.
 * @throws {ApiError} `BAD_USER_INPUT` for a size outside 1-100, both directions at once, or an invalid cursor
 */
export function pageOf<Item>(
  items: readonly Item[],
  args: DefaultConnectionArguments,
  rank: (item: Item) => string,
): Page<Item> {
  const { first, last, after, before } = args
  if (first != null && last != null) throw new ApiError('BAD_USER_INPUT', 'Give first or last, not both.')
  const size = first ?? last ?? defaultSize
  if (size < 1 || size > maxSize) throw new ApiError('BAD_USER_INPUT', `A page has 1 to ${maxSize} entries.`)

  const afterRank = after == null ? null : decodeCursor(after)
  const beforeRank = before == null ? null : decodeCursor(before)
  const ranked = items
    .map((node) => ({ rank: rank(node), node }))
    .toSorted((a, b) => (a.rank < b.rank ? 1 : -1))
  const start = afterRank === null ? 0 : countWhere(ranked, (entry) => entry.rank >= afterRank)
  const end = beforeRank === null ? ranked.length : countWhere(ranked, (entry) => entry.rank > beforeRank)
  const from = last == null ? start : Math.max(start, end - size)
  const to = last == null ? Math.min(end, start + size) : end

  const edges = ranked
    .slice(from, to)
    .map((entry) => ({ cursor: encodeCursor(entry.rank), node: entry.node }))
  return {
    edges,
    pageInfo: {
      hasPreviousPage: from > 0,
      hasNextPage: to < ranked.length,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

function countWhere<Entry>(entries: readonly Entry[], holds: (entry: Entry) => boolean): number {
  return entries.filter(holds).length
}

function encodeCursor(rank: string): string {
  return Buffer.from(rank).toString('base64url')
}

function decodeCursor(cursor: string): string {
  const rank = Buffer.from(cursor, 'base64url').toString()
  if (rank === '' || encodeCursor(rank) !== cursor) {
    throw new ApiError('BAD_USER_INPUT', 'Not a cursor that a page of this list gave.')
  }
  return rank
}
