import { createYoga, type YogaServerInstance } from 'graphql-yoga'
import type { OperationContext, Sources, Viewer } from './context.ts'
import { useDocumentLimits } from './limits/use-document-limits.ts'
import { useNestingLimits } from './limits/use-nesting-limits.ts'
import { useRequestRun } from './limits/use-request-run.ts'
import { useWellFormedText } from './limits/use-well-formed-text.ts'
import { schema } from './schema/schema.ts'
import { useAuthorization } from './use-authorization.ts'
import { useRefusals } from './use-refusals.ts'

export interface ApiOptions extends Sources {
  /** Returns the sender of a request, from its headers. It must not read the body. */
  readonly authorize: (request: Request) => Viewer
  /**
   * Maximum ms of a request. After that its queries are cancelled, and it is refused as `UNAVAILABLE`.
   * @default 60_000
   */
  readonly requestTime?: number
}

/** GraphQL over HTTP at `/graphql`: `fetch(request)`, and a listener for node:http and Express. */
export type Api = YogaServerInstance<{}, OperationContext>

/** Maximum size of a request's body, bytes: a document and its variables. */
export const maxRequestBytes = 64 * 1024

/**
 * Creates the graph of sites, posts and reports. Refusals are 4xx responses with `extensions.code`, unless the client
 * accepts only `application/json`: then GraphQL over HTTP requires status 200 for an invalid document. Unexpected
 * errors are logged to standard error and not exposed.
 */
export function createApi(options: ApiOptions): Api {
  const { registry, store, publisher, keeping, authorize, requestTime = 60_000 } = options
  return createYoga<{}, OperationContext>({
    schema,
    context: ({ request }) => ({
      registry,
      publisher,
      keeping,
      viewer: authorize(request),
    }),
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    // A cache of a thousand documents of the maximum size would fill the memory.
    parserAndValidationCache: false,
    maxRequestBodySize: maxRequestBytes,
    // Without it, NODE_ENV=development would send stacks to clients.
    maskedErrors: { isDev: false },
    plugins: [
      useAuthorization(authorize),
      useRefusals(),
      useNestingLimits(),
      useDocumentLimits(),
      useWellFormedText(),
      useRequestRun(store, requestTime),
    ],
  })
}
