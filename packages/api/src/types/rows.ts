import type { PostSummary } from '@peerpress/registry'
import type { Dimension, MetricsRow, OfRows, RowOrder, RowsPage, Sessions } from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { rowsCost, work } from '../limits/work.ts'
import { labelOf } from '../reports/labels.ts'
import { decodeRowCursor, encodeRowCursor, fingerprintOf } from '../reports/row-cursor.ts'
import { section } from '../reports/section.ts'
import { selectionOf } from '../reports/selected-metrics.ts'
import { builder } from '../schema/builder.ts'
import { dimension, metricName, orderDirection } from './enums.ts'
import { metrics } from './metrics.ts'
import { post } from './post-ref.ts'
import type { SiteReportQuery } from './report-query.ts'
import { sessions } from './sessions.ts'

/** A page of rows with the query that it answers. */
interface Rows extends RowsPage {
  readonly query: SiteReportQuery
  readonly by: readonly Dimension[]
  readonly fingerprint: string
  /** The sessions and visitors of all rows, queried once when the first row needs them. */
  readonly sessions: (context: RequestContext) => Promise<OfRows<Sessions>>
  readonly visitors: (context: RequestContext) => Promise<OfRows<number | null>>
}

interface RowOf extends MetricsRow {
  readonly page: Rows
  readonly index: number
}

interface ValueOf {
  readonly site: string
  readonly by: Dimension
  readonly key: string | null
}

const dimensionValue = builder.objectRef<ValueOf>('DimensionValue').implement({
  description: 'The value of one dimension of a row.',
  fields: (t) => ({
    dimension: t.expose('by', { type: dimension, description: 'The dimension.' }),
    key: t.exposeString('key', { nullable: true, description: 'The value; null: it is unknown.' }),
    label: t.string({
      description:
        "The value for people, in English: a country's name, a post's URL. Other values are their own label.",
      resolve: async (value, _args, context) => labelOf(value, await postOf(value, context)),
    }),
    node: t.field({
      type: post,
      nullable: true,
      description: 'The Post for POST; null for other dimensions, and for posts that are not published.',
      complexity: work.record,
      resolve: (value, _args, context) => postOf(value, context),
    }),
  }),
})

async function postOf({ site, by, key }: ValueOf, context: RequestContext): Promise<PostSummary | null> {
  return by === 'post' && key !== null ? context.posts.summaries.load({ site, post: key }) : null
}

const metricsRow = builder.objectRef<RowOf>('MetricsRow').implement({
  description: 'The views that share a value of each dimension.',
  fields: (t) => ({
    values: t.field({
      type: [dimensionValue],
      description: 'The value of each dimension, in the order of `by`.',
      resolve: valuesOf,
    }),
    label: t.string({
      description: "The values' labels, joined by a comma.",
      resolve: async (row, _args, context) => {
        const labels = valuesOf(row).map(async (value) => labelOf(value, await postOf(value, context)))
        return (await Promise.all(labels)).join(', ')
      },
    }),
    node: t.field({
      type: post,
      nullable: true,
      description: 'The Post of a row by POST; null without one.',
      complexity: work.record,
      resolve: async (row, _args, context) => {
        const value = valuesOf(row).find(({ by }) => by === 'post')
        return value === undefined ? null : postOf(value, context)
      },
    }),
    metrics: t.expose('metrics', { type: metrics, description: 'The metrics of these views.' }),
    sessions: t.field({
      type: sessions,
      nullable: true,
      description:
        'The sessions with such a view. A session counts in each row that it has a view in, so rows do not add up.',
      complexity: work.query,
      resolve: async ({ page, index }, _args, context) => (await page.sessions(context)).rows[index],
    }),
    visitors: t.field({
      type: 'Count',
      nullable: true,
      description:
        'The sum of the readers of each UTC day. A reader counts in each row, so rows do not add up. null: no view has a visitor id.',
      complexity: work.query,
      resolve: async ({ page, index }, _args, context) => (await page.visitors(context)).rows[index] ?? null,
    }),
  }),
})

function valuesOf({ page, keys }: RowOf): ValueOf[] {
  return page.by.map((by, i) => ({ site: page.query.site, by, key: keys[i] ?? null }))
}

const remainder = builder.objectRef<Rows>('RowsRemainder').implement({
  description: 'The views that are in none of the rows of this page.',
  fields: (t) => ({
    metrics: t.expose('remainder', { type: metrics, description: 'The metrics of these views.' }),
    sessions: t.field({
      type: sessions,
      nullable: true,
      description: 'The sessions with such a view.',
      complexity: work.query,
      resolve: async (page, _args, context) => (await page.sessions(context)).remainder,
    }),
    visitors: t.field({
      type: 'Count',
      nullable: true,
      description: 'The sum of the readers of each UTC day; null: no view has a visitor id.',
      complexity: work.query,
      resolve: async (page, _args, context) => (await page.visitors(context)).remainder,
    }),
  }),
})

const edge = builder.objectRef<RowOf>('MetricsRowEdge').implement({
  description: 'A row and its place in the order.',
  fields: (t) => ({
    cursor: t.string({
      description: 'For `after` of the same query.',
      resolve: ({ page, position }) => encodeRowCursor(page.fingerprint, position),
    }),
    value: t.float({
      nullable: true,
      description: 'The value of the metric that the rows are ordered by; null: not measured.',
      resolve: ({ position }) => position.value,
    }),
    node: t.field({ type: metricsRow, description: 'The row.', resolve: (row) => row }),
  }),
})

const rowsConnection = builder.objectRef<Rows>('MetricsRows').implement({
  description:
    'A page of the rows of one or two dimensions. The views of the rows and of the remainder are all views of the report, each once.',
  fields: (t) => ({
    totalCount: t.expose('totalCount', { type: 'Count', description: 'Number of rows of all pages.' }),
    edges: t.field({ type: [edge], description: 'The rows with their cursors.', resolve: rowsOf }),
    nodes: t.field({ type: [metricsRow], description: 'The rows.', resolve: rowsOf }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'Whether there are more rows.',
      resolve: ({ rows, hasNextPage, fingerprint }) => {
        const cursor = (row: MetricsRow | undefined) =>
          row === undefined ? null : encodeRowCursor(fingerprint, row.position)
        return {
          hasNextPage,
          hasPreviousPage: false,
          startCursor: cursor(rows[0]),
          endCursor: cursor(rows.at(-1)),
        }
      },
    }),
    remainder: t.field({
      type: remainder,
      description: 'The views that are in none of these rows.',
      resolve: (page) => page,
    }),
  }),
})

function rowsOf(page: Rows): RowOf[] {
  return page.rows.map((row, index) => ({ ...row, page, index }))
}

const rowOrder = builder.inputType('RowOrder', {
  description: 'The order of rows.',
  fields: (t) => ({
    metric: t.field({
      type: metricName,
      required: true,
      description:
        'Of a percentile its value counts, of ratings the share of good views, of a verdict 1 for YES and 0 for NO.',
    }),
    direction: t.field({
      type: orderDirection,
      required: true,
      defaultValue: 'desc',
      description: 'The highest or the lowest first.',
    }),
  }),
})

/** characters */
const maxSearch = 200

/** Maximum number of posts that a search finds. No more rows can be ordered. */
const maxSearched = 10_000

/** Maximum number of rows of a page. */
const maxRows = 500

/** The arguments of `rows`. */
const rowsArgs = builder.args((t) => ({
  by: t.field({
    type: [dimension],
    required: true,
    description: 'One dimension, or two different ones.',
  }),
  first: t.int({
    defaultValue: 50,
    required: true,
    description: `Number of rows, 1 to ${maxRows}.`,
  }),
  after: t.string({ description: 'A cursor of the same query: rows after it.' }),
  orderBy: t.field({
    type: rowOrder,
    description: 'By default most views first. By another metric 10,000 rows can be ordered.',
  }),
  search: t.string({
    description:
      'Of rows by POST: those whose title or URL contains this text, in any case, of at most 200 characters; among the 10,000 rows that can be ordered. All others are in the remainder. @default every row',
  }),
}))

/** The field `rows` of a report. */
export const rowsField = {
  type: rowsConnection,
  description:
    'The views by one or two dimensions, as a connection. ARM, COUNTRY, DEVICE, NETWORK and POST are rolled up, alone or with ARM; others take longer on large sites.',
  args: rowsArgs,
  complexity: rowsCost,
}

/** Arguments of {@link rowsField}. */
interface RowsArgs {
  readonly by: readonly Dimension[]
  readonly first: number
  readonly after?: string | null | undefined
  readonly orderBy?:
    { readonly metric: RowOrder['metric']; readonly direction: RowOrder['direction'] } | null | undefined
  readonly search?: string | null | undefined
}

/** Resolves {@link rowsField}. */
export async function resolveRows(
  query: SiteReportQuery,
  { by, first, after, orderBy: order, search }: RowsArgs,
  context: RequestContext,
  { withRemainder, ...selected }: ReturnType<typeof selectionOf> & { readonly withRemainder: boolean },
): Promise<Rows> {
  if (first < 1 || first > maxRows) throw new ApiError('BAD_USER_INPUT', `A page has 1 to ${maxRows} rows.`)
  const text = (search ?? '').trim()
  const fingerprint = fingerprintOf(query, { by, order: order ?? null, search: text })
  const position = after == null ? undefined : decodeRowCursor(fingerprint, after)
  const posts = text === '' ? undefined : await postsFound(query.site, by, text, context)
  const page = await section(context, (reports) =>
    reports.rows(
      { ...query, ...selected },
      { by, first, after: position, order: order ?? undefined, posts, withRemainder },
    ),
  )
  const of = { by, keys: page.rows.map(({ keys }) => keys) }
  return {
    ...page,
    query,
    by,
    fingerprint,
    sessions: once((own) => section(own, (reports) => reports.sessionsOfRows(query, of))),
    visitors: once((own) => section(own, (reports) => reports.visitorsOfRows(query, of))),
  }
}

/** Returns the posts that a search of rows finds. @throws {ApiError} `BAD_USER_INPUT` */
async function postsFound(
  site: string,
  by: readonly Dimension[],
  search: string,
  { registry }: Pick<RequestContext, 'registry'>,
): Promise<string[]> {
  if (!by.includes('post')) throw new ApiError('BAD_USER_INPUT', 'Only rows by POST can be searched.')
  if (search.length > maxSearch) {
    throw new ApiError('BAD_USER_INPUT', `A search has ${maxSearch} characters at most.`)
  }
  const found = await registry.posts.page(site, {
    order: 'published',
    search,
    fromEnd: false,
    limit: maxSearched,
  })
  return found.map(({ post: id }) => id)
}

function once<Value>(
  query: (context: RequestContext) => Promise<Value>,
): (context: RequestContext) => Promise<Value> {
  let running: Promise<Value> | undefined
  return (context) => (running ??= query(context))
}
