import type { FetcherOpts, FetcherParams, Observable } from '@graphiql/toolkit'
import { type ExecutionResult, getOperationAST, GraphQLError, parse } from 'graphql'
import { followAnswers } from '../session/follow-answers.ts'

/** What the editor does with a subscription. It has no other form of an observer. */
interface Observer {
  readonly next: (answer: ExecutionResult) => void
  readonly error: (error: unknown) => void
  readonly complete: () => void
}

/** Whether a request runs a subscription. A document with an error runs none: the server says what is wrong with it. */
export function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription'
  } catch {
    return false
  }
}

/**
 * Subscribes by server-sent events. The editor's own fetcher knows WebSockets alone, which the graph does not speak. The request
 * has the session and the headers of the editor's other requests.
 */
export function subscribe(
  url: string,
  params: FetcherParams,
  { headers }: FetcherOpts = {},
): Observable<ExecutionResult> {
  const sent = new Headers(headers)
  sent.set('content-type', 'application/json')
  sent.set('accept', 'text/event-stream')
  const open = async (signal: AbortSignal) => {
    const response = await fetch(url, { method: 'POST', headers: sent, body: JSON.stringify(params), signal })
    if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) return response
    const text = (await response.text()).slice(0, 1000)
    throw new GraphQLError(`The server answered ${response.status} in place of a stream: ${text}`)
  }
  const follow = async ({ next, complete }: Observer, signal: AbortSignal) => {
    let last: ExecutionResult = {}
    const show = (answer: ExecutionResult) => {
      last = answer
      if (!signal.aborted) next(answer)
    }
    try {
      if (!(await followAnswers<ExecutionResult>({ open, signal, onAnswer: show }))) throw brokenOff()
    } catch (error) {
      // The last state stays beside the reason.
      show({ ...last, errors: [error instanceof GraphQLError ? error : brokenOff()] })
    }
    if (!signal.aborted) complete()
  }
  const observable = {
    subscribe: (observer: Observer) => {
      const closing = new AbortController()
      follow(observer, closing.signal).catch(observer.error)
      return { unsubscribe: () => closing.abort() }
    },
  }
  return observable as Observable<ExecutionResult>
}

function brokenOff(): GraphQLError {
  return new GraphQLError(
    'The stream broke off. Run the subscription again: it begins with the present state.',
  )
}
