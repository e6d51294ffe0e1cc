import {
  type ConnectorKind,
  connectorKinds,
  type ConnectorRecord,
  type KnownPage,
  type Receipt,
} from '@peerpress/registry'
import type { RequestContext } from '../context.ts'
import { work } from '../limits/work.ts'
import { requireAction, siteOf } from '../records.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { site } from './site.ts'

/** Maximum number of connectors of a site, which the registry enforces. */
const maxConnectors = 20
/** Pages that a connector names in the graph. */
const maxPages = 20

export const connectorKind = builder.enumType('ConnectorKind', {
  description:
    'FEED: an RSS, Atom, RDF or JSON feed is polled. SITEMAP: a sitemap or an index of sitemaps is polled. WEBHOOK: the CMS sends signed events.',
  values: upperCased<ConnectorKind>(connectorKinds),
})

const pageResult = builder.enumType('ConnectorPageResult', {
  description:
    'What the server found at a page. PUBLISHED: its content was new. UNCHANGED: its content is the published one. REVOKED: it is public no more. ABSENT: it is not public, and never was published. FAILED: it could not be read.',
  values: upperCased<Receipt['result']>(['published', 'unchanged', 'revoked', 'absent', 'failed']),
})

/** A page that a connector named, and the latest outcome of its post. */
interface PageState extends KnownPage {
  readonly receipt: Receipt | null
}

const connectorPage = builder.objectRef<PageState>('ConnectorPage').implement({
  description: 'A page that a connector named.',
  fields: (t) => ({
    postId: t.exposeString('post', { description: 'The id of its post, a hash of its URL.' }),
    url: t.exposeString('url'),
    requestedAt: t.expose('requestedAt', {
      type: 'DateTime',
      description: 'When it was last requested from the site, because it may have changed.',
    }),
    result: t.field({
      type: pageResult,
      nullable: true,
      description: 'Null until the server has read the page.',
      resolve: ({ receipt }) => receipt?.result ?? null,
    }),
    message: t.string({
      nullable: true,
      description: 'Why it could not be read. Null if it could.',
      resolve: ({ receipt }) => receipt?.message ?? null,
    }),
  }),
})

/** A connector of a site. */
export const connector = builder.objectRef<ConnectorRecord>('Connector')

builder.node(connector, {
  description:
    'A way in which a site without the WordPress plugin reports its posts, and how its last use ended.',
  id: { resolve: ({ id }) => id },
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'everyMinutes' in value,
  loadOne: findConnector,
  fields: (t) => ({
    connectorId: t.exposeString('id'),
    kind: t.expose('kind', { type: connectorKind }),
    url: t.exposeString('url', {
      nullable: true,
      description: 'Address of the feed or sitemap. Null for a webhook.',
    }),
    path: t.string({
      nullable: true,
      description: 'Path of this server to which a webhook sends its events. Null for a feed or sitemap.',
      resolve: ({ kind, site: owner, id }) =>
        kind === 'webhook' ? `/v1/sites/${owner}/connectors/${id}/events` : null,
    }),
    everyMinutes: t.exposeInt('everyMinutes', {
      nullable: true,
      description: 'Minutes from one poll to the next. Null for a webhook.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    polledAt: t.expose('polledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last poll ended, whether it succeeded or not. Null if none did.',
    }),
    succeededAt: t.expose('succeededAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a poll last succeeded. Null if none did.',
    }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a webhook last received a valid request. Null if it never did.',
    }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the next poll is due. Null for a webhook.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why the last poll failed. Null if it succeeded.',
    }),
    failures: t.exposeInt('failures', { description: 'Polls that failed since the last success.' }),
    named: t.exposeInt('named', {
      nullable: true,
      description:
        'Pages that the source named in the last successful poll. Null if it stated that nothing changed.',
    }),
    requested: t.exposeInt('requested', {
      nullable: true,
      description:
        'Pages that the last successful poll had read, because they were new or may have changed. Null before it.',
    }),
    problems: t.exposeStringList('problems', {
      description: 'What the last successful poll left out, and why.',
    }),
    pages: t.field({
      type: [connectorPage],
      description: `The pages that were requested last, the latest first, ${maxPages} at most.`,
      complexity: { field: 2 * work.record },
      resolve: pagesOf,
    }),
  }),
})

/** Returns a connector of a site whose posts the principal may publish, or null. */
async function findConnector(id: string, context: RequestContext): Promise<ConnectorRecord | null> {
  const found = await context.registry.connectors.get(id)
  return found === null || (await siteOf(context, found.site, 'post.publish')) === null ? null : found
}

async function pagesOf(
  { id, site: owner }: ConnectorRecord,
  _args: {},
  { registry }: RequestContext,
): Promise<PageState[]> {
  const pages = await registry.connectors.recent(id, maxPages)
  const receipts = await registry.outcomes.of(
    owner,
    pages.map(({ post }) => post),
  )
  const known = new Map(receipts.map((receipt) => [receipt.post, receipt]))
  return pages.map((page) => ({ ...page, receipt: known.get(page.post) ?? null }))
}

builder.objectField(site, 'connectors', (t) =>
  t.field({
    type: [connector],
    description:
      'The feeds, sitemaps and webhooks of the site, the first added first. For editors and owners.',
    complexity: { field: work.record, multiplier: maxConnectors },
    resolve: ({ id }, _args, context) => {
      requireAction(context, 'post.publish', id)
      return context.registry.connectors.of(id)
    },
  }),
)
