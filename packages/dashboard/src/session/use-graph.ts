import { useCallback, useEffect } from 'preact/hooks'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { queryGraph } from './query-graph.ts'
import { useSession } from './session.tsx'
import { type Polled, usePolled } from './use-polled.ts'

/** Sends an operation to the graph for the reader who is signed in. */
export type SendToGraph = <Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
) => Promise<Data>

/** Returns a function that queries or changes the graph. It throws a `GraphError`. */
export function useSendToGraph(): SendToGraph {
  const { token } = useSession()
  return useCallback(
    (document, variables, signal = new AbortController().signal) =>
      queryGraph(document, variables, { token, signal }),
    [token],
  )
}

/** Loads a query's result again every `everyMs` ms. New variables start a new request. */
export function useGraph<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  everyMs: number,
): Polled<Data> {
  return usePolledGraph((send, signal) => send(document, variables, signal), [document, variables], everyMs)
}

/**
 * Loads repeatedly what `load` returns, and asks to sign in when the graph requires it.
 * @param of what `load` depends on: it starts a new request when their JSON changes
 */
export function usePolledGraph<Data>(
  load: (send: SendToGraph, signal: AbortSignal) => Promise<Data>,
  of: readonly unknown[],
  everyMs: number,
): Polled<Data> {
  const send = useSendToGraph()
  const { requireSignIn } = useSession()
  const polled = usePolled(
    useCallback((signal) => load(send, signal), [send, JSON.stringify(of)]),
    everyMs,
  )
  const { error } = polled
  useEffect(() => {
    if (error?.code === 'unauthenticated') requireSignIn()
  }, [error])
  return polled
}
