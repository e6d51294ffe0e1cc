import { createYoga, type YogaServerInstance } from 'graphql-yoga'
import type { ApiRequest, OperationContext, Sources } from './context.ts'
import { CostBudget } from './limits/cost-budget.ts'
import { useDocumentLimits } from './limits/use-document-limits.ts'
import { useNestingLimits } from './limits/use-nesting-limits.ts'
import { useRequestRun } from './limits/use-request-run.ts'
import { useWellFormedText } from './limits/use-well-formed-text.ts'
import { maskError } from './mask-error.ts'
import { schema } from './schema/schema.ts'
import { DraftWatch } from './streams/draft-watch.ts'
import { type StreamLimits, Streams } from './streams/streams.ts'
import { useStreams } from './streams/use-streams.ts'
import { useAuthorization } from './use-authorization.ts'
import { type PersistedDocuments, usePersistedDocuments } from './use-persisted-documents.ts'
import { useRefusals } from './use-refusals.ts'

export interface ApiOptions extends Sources {
  /**
   * Maximum ms of a request. After that its queries are cancelled, and it is refused as `UNAVAILABLE`.
   * @default 60_000
   */
  readonly requestTime?: number
  /**
   * Maximum ms of one section of a report. After that the section alone is null.
   * @default 20_000
   */
  readonly sectionTime?: number
  /** What each account, token or network may spend in a minute. @default one for this API alone */
  readonly budget?: CostBudget
  /** Limits of subscriptions. @default those of `Streams` */
  readonly streams?: StreamLimits
  /** Minimum ms between two events of a draft's progress. @default 500 */
  readonly progressInterval?: number
  /** Documents that clients name by their ids. @default none */
  readonly documents?: PersistedDocuments
  /** Whether the graph answers these alone. @default false */
  readonly persistedOnly?: boolean
}

/**
 * GraphQL over HTTP at `/graphql`: `fetch(request, { sender })`, and a listener for node:http and Express with the same last
 * argument.
 */
export type Api = YogaServerInstance<ApiRequest, OperationContext>

/** Maximum size of a request's body, bytes: a document and its variables. */
export const maxRequestBytes = 64 * 1024

/** The same for everybody with an account or a token, whose variables may hold files. */
export const maxUploadBytes = 1024 ** 2

/**
 * Creates the graph of sites, posts and reports. Refusals are 4xx responses with `extensions.code`, unless the client
 * accepts only `application/json`: then GraphQL over HTTP requires status 200 for an invalid document. Unexpected
 * errors are logged to standard error and not exposed. Subscriptions are streams, which `dispose` ends.
 */
export function createApi(options: ApiOptions): Api {
  const { registry, store, requestTime = 60_000, sectionTime = 20_000, budget = new CostBudget() } = options
  const { documents = new Map(), persistedOnly = false } = options
  const { publisher, keeping, keys, hasMail, accounts, insights, searchConsole } = options
  const { community, lending, moderation, editorial, advising, localModels } = options
  const streams = new Streams(options.streams)
  const draftWatch = new DraftWatch(registry.drafts, options.progressInterval ?? 500)
  return createYoga<ApiRequest, OperationContext>({
    schema,
    context: ({ sender, request }) => ({
      registry,
      publisher,
      keeping,
      keys,
      hasMail,
      accounts,
      insights,
      searchConsole,
      lending,
      moderation,
      community,
      editorial,
      advising,
      localModels,
      streams,
      draftWatch,
      disconnected: request.signal,
      ...sender,
    }),
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    extraParamNames: ['documentId'],
    // A cache of a thousand documents of the maximum size would fill the memory.
    parserAndValidationCache: false,
    // The server limits the bodies of others to `maxRequestBytes` where it reads them.
    maxRequestBodySize: maxUploadBytes,
    // Without it, NODE_ENV=development would send stacks to clients.
    maskedErrors: { isDev: false, maskError },
    plugins: [
      useAuthorization(),
      usePersistedDocuments(documents, persistedOnly),
      useRefusals(),
      useNestingLimits(),
      useDocumentLimits(),
      useWellFormedText(),
      useStreams(streams),
      useRequestRun(store, { time: requestTime, sectionTime, budget }),
    ],
  })
}
