import type { Dimension, DimensionFilter, MetricsRow, Sessions } from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { work } from '../limits/work.ts'
import { section } from '../reports/section.ts'
import { builder } from '../schema/builder.ts'
import { quantile } from './metrics.ts'
import type { SiteReportQuery } from './report-query.ts'
import { sessions } from './sessions.ts'

interface Source extends MetricsRow {
  readonly sessions: Sessions
}

const searchSource = builder.objectRef<Source>('SearchSource').implement({
  description: 'Visits that one search engine, assistant or page got.',
  fields: (t) => ({
    key: t.string({
      nullable: true,
      description: 'The search engine, the assistant, or the URL of the landing page; null: it is unknown.',
      resolve: ({ keys }) => keys[0] ?? null,
    }),
    visits: t.field({
      type: 'Count',
      description: 'Views that began with a click there.',
      resolve: (row) => row.metrics.views,
    }),
    engagedMs: t.field({
      type: quantile,
      nullable: true,
      description: 'Median time visible and focused, ms.',
      resolve: (row) => row.metrics.engagement.engagedMs,
    }),
    scrollDepth: t.field({
      type: quantile,
      nullable: true,
      description: 'Median of the furthest point reached, 0-1.',
      resolve: (row) => row.metrics.engagement.scrollDepth,
    }),
    sessions: t.expose('sessions', {
      type: sessions,
      description: 'The sessions with such a view: bounceRatio is the share that was not engaged.',
    }),
  }),
})

/** The type of engagement after searches. */
export const searchEngagement = builder.objectRef<SiteReportQuery>('SearchEngagement').implement({
  description:
    'What readers did whom search engines and assistants led to the site, as measured on the pages. Queries and positions in results come from imports.',
  fields: (t) => {
    const list = (description: string, resolve: (query: SiteReportQuery) => SourcesOf) =>
      t.field({
        type: [searchSource],
        nullable: true,
        description,
        args: {
          first: t.arg.int({
            defaultValue: 20,
            required: true,
            description: `Number of entries, 1 to ${maxSources}.`,
          }),
        },
        complexity: 2 * work.query,
        resolve: (query, { first }, context) => sourcesOf(resolve(query), first, context),
      })
    return {
      engines: list('By search engine, most visits first.', (query) => ({
        query: narrowed(query, { by: 'referrer_class', eq: 'search' }),
        by: 'search_engine',
      })),
      assistants: list('By AI assistant, most visits first.', (query) => ({
        query: narrowed(query, { by: 'referrer_class', eq: 'assistant' }),
        by: 'assistant',
      })),
      landingPages: list('By the page that searches and assistants led to, most visits first.', (query) => ({
        query: narrowed(query, { by: 'referrer_class', in: ['search', 'assistant'] }),
        by: 'url',
      })),
    }
  },
})

const maxSources = 100

interface SourcesOf {
  readonly query: SiteReportQuery
  readonly by: Dimension
}

function narrowed(query: SiteReportQuery, condition: DimensionFilter): SiteReportQuery {
  const { filter } = query
  return { ...query, filter: { ...filter, where: [...(filter?.where ?? []), condition] } }
}

async function sourcesOf(
  { query, by }: SourcesOf,
  first: number,
  context: RequestContext,
): Promise<Source[]> {
  if (first < 1 || first > maxSources) {
    throw new ApiError('BAD_USER_INPUT', `A list has 1 to ${maxSources} entries.`)
  }
  const selected = { ...query, metrics: ['engagement.engagedMs', 'engagement.scrollDepth'] as const }
  return section(context, async (reports) => {
    const { rows } = await reports.rows(selected, { by: [by], first })
    const of = await reports.sessionsOfRows(query, { by: [by], keys: rows.map(({ keys }) => keys) })
    return rows.flatMap((row, i) => {
      const own = of.rows[i]
      return own === undefined ? [] : [{ ...row, sessions: own }]
    })
  })
}
