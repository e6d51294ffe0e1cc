import type { GraphQLParams, Plugin } from 'graphql-yoga'
import { ApiError } from './api-error.ts'
import type { ApiRequest, OperationContext } from './context.ts'

/** The documents that clients name by their ids: `sha256:` and 64 hex digits. */
export type PersistedDocuments = ReadonlyMap<string, string>

/**
 * Yoga plugin: takes `documentId` in place of `query` (the appendix on persisted documents of GraphQL over HTTP). With
 * `isRequired`, a request must name a document, unless its sender may ask anything.
 */
export function usePersistedDocuments(
  documents: PersistedDocuments,
  isRequired: boolean,
): Plugin<OperationContext, ApiRequest> {
  return {
    onParams({ params, setParams, context }) {
      const { documentId, ...rest } = params as GraphQLParams & { readonly documentId?: unknown }
      const { mayAskAnything = false } = context
      if (documentId === undefined) {
        if (!isRequired || mayAskAnything) return
        throw new ApiError(
          'PERSISTED_DOCUMENT_REQUIRED',
          "This server answers the dashboard's own documents alone (PERSISTED_ONLY). Commands with the operator token may ask anything.",
        )
      }
      const query = typeof documentId === 'string' ? documents.get(documentId) : undefined
      if (query === undefined) {
        throw new ApiError(
          'PERSISTED_DOCUMENT_NOT_FOUND',
          'This server does not know the document. Load the page again.',
        )
      }
      setParams({ ...rest, query })
    },
  }
}
