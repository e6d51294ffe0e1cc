import { sessionMessages } from '../messages/session-messages.ts'
import { GraphError } from './graph-error.ts'

const words = sessionMessages.queryGraph

/** An answer of the graph, or one event of a subscription. */
export interface GraphAnswer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly unknown[]
    readonly extensions?: { readonly code?: string }
  }[]
}

/** Returns what an answer without data is. */
export function refusalOf({ errors }: GraphAnswer<unknown>): GraphError {
  const error = errors?.[0]
  const code = error?.extensions?.code
  if (code === 'UNAUTHENTICATED') return new GraphError('unauthenticated', words.signInToSee)
  if (code === 'PERSISTED_DOCUMENT_NOT_FOUND') return new GraphError('outdated', words.serverWasUpdatedLoad)
  if (code === 'QUERY_TOO_COMPLEX' || code === 'TOO_EXPENSIVE' || code === 'TIMED_OUT')
    return new GraphError('expensive', error?.message ?? '')
  if (code === 'UNAVAILABLE') return new GraphError('unavailable', error?.message ?? '')
  return new GraphError('refused', error?.message ?? words.serverGaveEmptyAnswer)
}

/** Returns how a request names its document: the built dashboard has ids and names in place of documents, and the server the texts. */
export function named(
  text: string,
): { readonly documentId: string; readonly operationName: string } | { readonly query: string } {
  if (!text.startsWith('sha256:')) return { query: text }
  const [documentId = '', operationName = ''] = text.split(' ')
  return { documentId, operationName }
}
