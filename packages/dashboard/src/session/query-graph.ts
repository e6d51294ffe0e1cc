import type { TypedDocumentString } from '../generated/graphql.ts'
import { GraphError } from './graph-error.ts'

export interface QueryOptions {
  /** The operator's token; null sends none. */
  readonly token: string | null
  readonly signal: AbortSignal
}

interface GraphAnswer<Data> {
  readonly data?: Data | null
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

/**
 * Queries the graph of the server of this page.
 * @throws {GraphError}
 */
export async function queryGraph<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { token, signal }: QueryOptions,
): Promise<Data> {
  const { data, errors } = await send<Data>(
    JSON.stringify({ query: document.toString(), variables }),
    token,
    signal,
  )
  const error = errors?.[0]
  if (error === undefined && data != null) return data
  const code = error?.extensions?.code
  if (code === 'UNAUTHENTICATED')
    throw new GraphError('unauthenticated', 'The server requires the operator token.')
  if (code === 'UNAVAILABLE') throw new GraphError('unavailable', error?.message ?? '')
  throw new GraphError('refused', error?.message ?? 'The server gave an empty answer.')
}

async function send<Data>(
  body: string,
  token: string | null,
  signal: AbortSignal,
): Promise<GraphAnswer<Data>> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json',
  }
  if (token !== null) headers['authorization'] = `Bearer ${token}`
  try {
    const response = await fetch('graphql', { method: 'POST', headers, body, signal })
    return (await response.json()) as GraphAnswer<Data>
  } catch (cause) {
    signal.throwIfAborted()
    throw new GraphError('unreachable', 'The server did not answer.', { cause })
  }
}
