import { createYoga, type YogaServerInstance } from 'graphql-yoga'
import type { RequestContext, Sources, Viewer } from './context.ts'
import { WorkBudget } from './limits/work-budget.ts'
import { useDocumentLimits } from './limits/use-document-limits.ts'
import { schema } from './schema.ts'
import { useAuthorization } from './use-authorization.ts'
import { useRefusals } from './use-refusals.ts'

export interface ApiOptions extends Sources {
  /** Tells who sends a request, by its headers; its body must be left unread. */
  readonly authorize: (request: Request) => Viewer
}

/** GraphQL over HTTP at `/graphql`: `fetch(request)`, and itself a listener for node:http and Express. */
export type Api = YogaServerInstance<{}, RequestContext>

const maxRequestBytes = 64 * 1024

/**
 * The graph of sites, posts and reports. Refusals are 4xx answers with `extensions.code`, unless the caller asks for
 * `application/json`: then GraphQL over HTTP wants 200 where the document itself is at fault. Unexpected errors are
 * logged to standard error and told to nobody.
 */
export function createApi({ registry, store, publisher, keeping, authorize }: ApiOptions): Api {
  return createYoga<{}, RequestContext>({
    schema,
    context: ({ request }) => ({
      registry,
      store,
      publisher,
      keeping,
      viewer: authorize(request),
      budget: new WorkBudget(),
    }),
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    batching: false,
    // A thousand kept documents of the largest allowed size would fill the memory.
    parserAndValidationCache: false,
    maxRequestBodySize: maxRequestBytes,
    plugins: [useAuthorization(authorize), useRefusals(), useDocumentLimits()],
  })
}
