import type { TypedDocumentString } from '../generated/graphql.ts'
import { basePath } from '../navigation/base-path.ts'
import { sessionMessages } from '../messages/session-messages.ts'
import { followAnswers } from './follow-answers.ts'
import { type GraphAnswer, named, refusalOf } from './graph-answer.ts'
import { GraphError } from './graph-error.ts'

const words = sessionMessages.queryGraph

export interface StreamGraphOptions<Data> {
  /** The operator's token; null sends none. */
  readonly token: string | null
  readonly signal: AbortSignal
  readonly onData: (data: Data) => void
}

/**
 * Subscribes to something of the graph of this page's server. Resolves when the server ends the stream.
 * @throws {GraphError} `unreachable` if the stream breaks off
 */
export async function streamGraph<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  { token, signal, onData }: StreamGraphOptions<Data>,
): Promise<void> {
  let isComplete = false
  let error: GraphError | null = null
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
  }
  if (token !== null) headers['authorization'] = `Bearer ${token}`
  try {
    isComplete = await followAnswers<GraphAnswer<Data>>({
      signal,
      open: (opened) =>
        fetch(`${basePath}graphql`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ ...named(document.toString()), variables }),
          signal: opened,
        }),
      onAnswer: (answer) => {
        if (answer.data == null) error ??= refusalOf(answer)
        else onData(answer.data)
      },
    })
  } catch (cause) {
    signal.throwIfAborted()
    throw new GraphError('unreachable', words.serverDidNotAnswer, { cause })
  }
  if (error !== null) throw error
  if (!isComplete) throw new GraphError('unreachable', words.serverDidNotAnswer)
}
