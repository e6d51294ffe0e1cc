import { type SearchFigureRow, type SearchKind, searchKinds } from '@peerpress/store'
import * as v from 'valibot'
import { InsightsError } from '../insights-error.ts'
import { countryOfCode } from './country-codes.ts'

/** Asks the API with an access token. Resolves to the body of a success. */
export type AskApi = (path: string, body: object | null) => Promise<unknown>

/** Maximum rows of one answer: https://developers.google.com/webmaster-tools/v1/searchanalytics/query */
const rowLimit = 25_000
/** Rows of one list and day. Google has 50,000; an endless answer has no more than these. */
const maxRows = 100_000
/** characters. Longer keys are left out: they are no address and no query. */
const maxKey = 2048

const count = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER))
const rowSchema = v.object({
  keys: v.array(v.string()),
  clicks: count,
  impressions: count,
  position: count,
})
const answerSchema = v.object({
  rows: v.optional(v.array(v.unknown()), []),
  metadata: v.optional(
    v.object({ first_incomplete_date: v.optional(v.string()), firstIncompleteDate: v.optional(v.string()) }),
  ),
})

/** The days that Google has figures of. */
export interface KnownDays {
  /** The sum of each day, by day. */
  readonly totals: ReadonlyMap<string, SearchFigureRow>
  /** The first day whose figures may still change; null if Google does not say. */
  readonly firstIncomplete: string | null
}

/** Returns the sums of all days of a range. @throws {InsightsError} */
export async function readKnownDays(
  ask: AskApi,
  of: { readonly property: string; readonly firstDay: string; readonly lastDay: string },
): Promise<KnownDays> {
  const query = {
    startDate: of.firstDay,
    endDate: of.lastDay,
    dimensions: ['date'],
    dataState: 'all',
    rowLimit,
  }
  const { rows, metadata } = answerOf(await ask(pathOf(of.property), query))
  const days = rows.flatMap((row): [string, SearchFigureRow][] => {
    const figures = figuresOf(row, 'total')
    return figures === null ? [] : [[figures.key, { ...figures, key: '' }]]
  })
  const incomplete = metadata?.first_incomplete_date ?? metadata?.firstIncompleteDate ?? ''
  return {
    totals: new Map(days),
    firstIncomplete: /^\d{4}-\d{2}-\d{2}$/.test(incomplete) ? incomplete : null,
  }
}

/** Returns the lists of one day. Google has the top rows alone. @throws {InsightsError} */
export async function readDay(ask: AskApi, property: string, day: string): Promise<SearchFigureRow[]> {
  const lists: SearchFigureRow[] = []
  for (const kind of searchKinds) lists.push(...(await readList(ask, { property, day, kind })))
  return lists
}

async function readList(
  ask: AskApi,
  { property, day, kind }: { readonly property: string; readonly day: string; readonly kind: SearchKind },
): Promise<SearchFigureRow[]> {
  const found = new Map<string, SearchFigureRow>()
  for (let startRow = 0; startRow < maxRows; startRow += rowLimit) {
    const query = { startDate: day, endDate: day, dimensions: [kind], dataState: 'all', rowLimit, startRow }
    const { rows } = answerOf(await ask(pathOf(property), query))
    for (const row of rows) {
      const figures = figuresOf(row, kind)
      // Countries without a code of their own share one row.
      if (figures !== null) found.set(figures.key, joined(found.get(figures.key), figures, kind))
    }
    if (rows.length < rowLimit) break
  }
  return [...found.values()]
}

function pathOf(property: string): string {
  return `/sites/${encodeURIComponent(property)}/searchAnalytics/query`
}

function answerOf(body: unknown): v.InferOutput<typeof answerSchema> {
  const answer = v.safeParse(answerSchema, body)
  // A list is an object for the schema, too.
  if (answer.success && !Array.isArray(body)) return answer.output
  throw new InsightsError('unexpected', 'Google’s answer has no rows as its documentation has them.')
}

/** Returns a row's figures; null for a row that cannot be: hostile or damaged rows are left out. */
function figuresOf(row: unknown, kind: SearchFigureRow['kind']): SearchFigureRow | null {
  const parsed = v.safeParse(rowSchema, row)
  if (!parsed.success) return null
  const { keys, clicks, impressions, position } = parsed.output
  const [key] = keys
  if (keys.length !== 1 || key === undefined || key === '' || key.length > maxKey || key.includes('\0'))
    return null
  return {
    kind,
    key: keyOf(key.toWellFormed(), kind),
    clicks: Math.round(clicks),
    impressions: Math.round(impressions),
    position,
  }
}

function keyOf(key: string, kind: SearchFigureRow['kind']): string {
  if (kind === 'country') return countryOfCode(key)
  return kind === 'device' ? key.toLowerCase() : key
}

/** Countries whose code is not known are one row. Elsewhere a repeated key replaces the one before. */
function joined(one: SearchFigureRow | undefined, other: SearchFigureRow, kind: SearchKind): SearchFigureRow {
  if (one === undefined || kind !== 'country') return other
  const impressions = one.impressions + other.impressions
  const position =
    impressions === 0
      ? 0
      : (one.position * one.impressions + other.position * other.impressions) / impressions
  return { ...one, clicks: one.clicks + other.clicks, impressions, position }
}
