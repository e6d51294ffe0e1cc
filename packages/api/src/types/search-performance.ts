import type { SearchFigure, SearchKind, SearchOrder, SearchSum } from '@peerpress/store'
import { searchKinds, searchOrders } from '@peerpress/store'
import { isDay } from '@peerpress/insights'
import { ApiError } from '../api-error.ts'
import { pageSizes, work } from '../limits/work.ts'
import { otherSection } from '../reports/section.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'

const listKind = builder.enumType('SearchListKind', {
  description:
    "What Search Console's figures are listed by. QUERY: what people searched. PAGE: the address that was shown. COUNTRY: ISO 3166-1 alpha-2, ZZ if it is not known. DEVICE: desktop, mobile or tablet.",
  values: upperCased(searchKinds),
})

const listOrder = builder.enumType('SearchListOrder', {
  description:
    'What a list is ordered by, the highest first; of POSITION the lowest. CTR: clicks ÷ impressions.',
  values: upperCased(searchOrders),
})

interface Range {
  readonly site: string
  readonly firstDay: string
  readonly lastDay: string
  readonly sums: readonly SearchSum[]
}

const sum = builder.objectRef<Omit<SearchSum, 'kind'>>('SearchSum').implement({
  description: 'Figures of all days of a range together.',
  fields: (t) => ({
    clicks: t.exposeFloat('clicks', { description: 'How often searchers followed a result.' }),
    impressions: t.exposeFloat('impressions', { description: 'How often the site was among the results.' }),
    ctr: t.float({
      nullable: true,
      description: 'Clicks ÷ impressions, 0-1; null without impressions.',
      resolve: ({ clicks, impressions }) => (impressions === 0 ? null : clicks / impressions),
    }),
    position: t.float({
      nullable: true,
      description: 'Mean position in the results, 1 is first; null without impressions.',
      resolve: ({ impressions, position }) => (impressions === 0 ? null : position),
    }),
    days: t.exposeInt('days', { description: 'Days of the range that were imported.' }),
  }),
})

const row = builder.objectRef<SearchFigure>('SearchRow').implement({
  description: 'Figures of one query, page, country or device in all days of a range.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'As Search Console reported it. It is text of strangers.' }),
    clicks: t.exposeFloat('clicks', { description: 'How often searchers followed a result.' }),
    impressions: t.exposeFloat('impressions', { description: 'How often it was among the results.' }),
    ctr: t.float({
      nullable: true,
      description: 'Clicks ÷ impressions, 0-1; null without impressions.',
      resolve: ({ ctr, impressions }) => (impressions === 0 ? null : ctr),
    }),
    position: t.float({
      nullable: true,
      description: 'Mean position in the results, 1 is first; null without impressions.',
      resolve: ({ position, impressions }) => (impressions === 0 ? null : position),
    }),
  }),
})

interface List extends Range {
  readonly kind: SearchKind
  readonly order: SearchOrder
  readonly first: number
  readonly after: { readonly value: number; readonly key: string } | null
}

interface ListPage {
  readonly rows: readonly SearchFigure[]
  readonly endCursor: string | null
  readonly hasNextPage: boolean
}

const listPage = builder.objectRef<ListPage>('SearchListPage').implement({
  description: 'A page of a list.',
  fields: (t) => ({
    rows: t.expose('rows', { type: [row], description: 'In the order of the list.' }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'Give it as after to read on; null on an empty page.',
    }),
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether there are further rows.' }),
  }),
})

const list = builder.objectRef<List>('SearchList').implement({
  description:
    "A list of Search Console's figures. Google reports top rows only, and hides rare queries: the rows add up to less than the total.",
  fields: (t) => ({
    listed: t.field({
      type: sum,
      nullable: true,
      description: 'The sum of all rows that Google reported; null if it reported none.',
      resolve: ({ sums, kind }) => sums.find((of) => of.kind === kind) ?? null,
    }),
    page: t.field({
      type: listPage,
      description: 'The page that the arguments of the list name.',
      complexity: work.query,
      resolve: async ({ first, order, sums: _sums, ...of }, _args, context) => {
        const found = await otherSection(context, () =>
          context.searchConsole.figures({ ...of, order, limit: first + 1 }),
        )
        const rows = found.slice(0, first)
        const last = rows.at(-1)
        return {
          rows,
          endCursor: last === undefined ? null : cursorOf(order, last),
          hasNextPage: found.length > first,
        }
      },
    }),
  }),
})

const performance = builder.objectRef<Range>('SearchPerformance').implement({
  description:
    "What Google Search Console reports of the site in whole days of Google's time zone, Pacific time.",
  fields: (t) => ({
    firstDay: t.exposeString('firstDay', { description: 'YYYY-MM-DD, Pacific time.' }),
    lastDay: t.exposeString('lastDay', { description: 'YYYY-MM-DD, Pacific time; it is in the range, too.' }),
    total: t.field({
      type: sum,
      nullable: true,
      description: 'All results of the site, also those that no list has; null if no day was imported.',
      resolve: ({ sums }) => sums.find(({ kind }) => kind === 'total') ?? null,
    }),
    list: t.field({
      type: list,
      description: 'The figures by query, page, country or device.',
      args: {
        by: t.arg({ type: listKind, required: true, description: 'What is listed.' }),
        orderBy: t.arg({ type: listOrder, defaultValue: 'clicks', description: 'What is first.' }),
        first: t.arg.int({ description: `Rows of the page, ${pageSizes.defaultSize} if it is left out.` }),
        after: t.arg.string({ description: 'The endCursor of the page before.' }),
      },
      resolve: (range, { by, orderBy, first, after }) => {
        const size = first ?? pageSizes.defaultSize
        if (size < 1 || size > pageSizes.maxSize) {
          throw new ApiError('BAD_USER_INPUT', `A page has 1 to ${pageSizes.maxSize} entries.`)
        }
        const order = orderBy ?? 'clicks'
        return { ...range, kind: by, order, first: size, after: after == null ? null : placeOf(order, after) }
      },
    }),
  }),
})

const dayMs = 86_400_000
const defaultDays = 28
const maxDays = 2 * 366

builder.objectField(site, 'searchPerformance', (t) =>
  t.field({
    type: performance,
    nullable: true,
    description:
      'Null if no figures of Search Console were imported. Without days: the last 28 imported ones.',
    args: {
      firstDay: t.arg.string({ description: 'YYYY-MM-DD, Pacific time.' }),
      lastDay: t.arg.string({ description: 'YYYY-MM-DD, Pacific time.' }),
    },
    complexity: work.query,
    resolve: async ({ id }, args, context) => {
      const { searchConsole } = context
      const imported = (await searchConsole.progress(id)).lastDay
      if (imported === null) return null
      const lastDay = args.lastDay ?? imported
      if (!isDay(lastDay)) throw badDays()
      const firstDay =
        args.firstDay ?? new Date(Date.parse(lastDay) - (defaultDays - 1) * dayMs).toISOString().slice(0, 10)
      const days = isDay(firstDay) ? (Date.parse(lastDay) - Date.parse(firstDay)) / dayMs + 1 : 0
      if (days < 1 || days > maxDays || firstDay < '1970-01-01' || lastDay > '2099-12-31') throw badDays()
      const range = { site: id, firstDay, lastDay }
      return { ...range, sums: await otherSection(context, () => searchConsole.sums(range)) }
    },
  }),
)

function badDays(): ApiError {
  return new ApiError(
    'BAD_USER_INPUT',
    'Give two days such as 2026-02-02, in order, at most two years apart.',
  )
}

/** A cursor names the list's order, so that it cannot continue a list of another one. */
function cursorOf(order: SearchOrder, figure: SearchFigure): string {
  return Buffer.from(JSON.stringify([order, figure[order], figure.key])).toString('base64url')
}

/** @throws {ApiError} `BAD_USER_INPUT` for a text that no page of this list gave */
function placeOf(order: SearchOrder, cursor: string): { readonly value: number; readonly key: string } {
  try {
    const [of, value, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    if (of === order && typeof value === 'number' && typeof key === 'string') return { value, key }
  } catch {
    // It is refused below.
  }
  throw new ApiError('BAD_USER_INPUT', 'Not a cursor that a page of this list gave.')
}
