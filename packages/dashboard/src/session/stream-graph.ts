import type { TypedDocumentString } from '../generated/graphql.ts'
import { basePath } from '../navigation/base-path.ts'
import { sessionMessages } from '../messages/session-messages.ts'
import { readEvents } from './event-stream.ts'
import { type GraphAnswer, named, refusalOf } from './graph-answer.ts'
import { GraphError } from './graph-error.ts'

const words = sessionMessages.queryGraph

/** ms without a byte, after which a stream counts as broken. The server sends a comment every 12 s. */
const silence = 40_000

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
  const broken = new AbortController()
  const breakOff = () => broken.abort()
  let timer = setTimeout(breakOff, silence)
  let isComplete = false
  let error: GraphError | null = null
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
  }
  if (token !== null) headers['authorization'] = `Bearer ${token}`
  try {
    const response = await fetch(`${basePath}graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...named(document.toString()), variables }),
      signal: AbortSignal.any([signal, broken.signal]),
    })
    if (response.body === null) throw new Error('no body')
    await readEvents(response.body, {
      onBytes: () => {
        clearTimeout(timer)
        timer = setTimeout(breakOff, silence)
      },
      onEvent: ({ event, data }) => {
        if (event === 'complete') isComplete = true
        else if (event === 'next') {
          const answer = JSON.parse(data) as GraphAnswer<Data>
          if (answer.data == null) error ??= refusalOf(answer)
          else onData(answer.data)
        }
      },
    })
  } catch (cause) {
    signal.throwIfAborted()
    throw new GraphError('unreachable', words.serverDidNotAnswer, { cause })
  } finally {
    clearTimeout(timer)
  }
  if (error !== null) throw error
  if (!isComplete) throw new GraphError('unreachable', words.serverDidNotAnswer)
}
