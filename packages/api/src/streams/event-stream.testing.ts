import type { Principal } from '@peerpress/accounts'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { type Answer, senderOf } from '../api.testing.ts'
import type { Sender } from '../sender.ts'
import type { Api } from '../create-api.ts'

/** One event of a subscription. */
export type StreamEvent = Partial<Pick<Answer, 'data' | 'errors'>>

/** A subscription of a test. */
export interface OpenedStream {
  readonly status: number
  readonly headers: Headers
  /** Returns the next event; null at the end that the server announces. Rejects if the stream breaks off. */
  next(): Promise<StreamEvent | null>
  /** Returns the rest of the events, up to the end. */
  rest(): Promise<StreamEvent[]>
  /** Disconnects. */
  close(): void
}

/** Subscribes as a sender, or as a principal whose permissions stay. */
export async function openStream(
  api: Api,
  body: object,
  from: Principal | Sender,
  accept = 'text/event-stream',
): Promise<OpenedStream> {
  const controller = new AbortController()
  const sender = 'renew' in from ? from : senderOf(from)
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
    signal: controller.signal,
  }
  const response = await api.fetch('http://api.test/graphql', init, { sender })
  const events = eventsOf(response)
  const next = async () => {
    const { done, value } = await events.next()
    if (done === true) throw new Error('the stream broke off')
    return value
  }
  return {
    status: response.status,
    headers: response.headers,
    next,
    rest: async () => {
      const rest: StreamEvent[] = []
      for (let event = await next(); event !== null; event = await next()) rest.push(event)
      return rest
    },
    close: () => controller.abort(),
  }
}

/** Reads no more of the body than the events that it yields need: a reader may be slow on purpose. */
async function* eventsOf({ body }: Response): AsyncGenerator<StreamEvent | null> {
  if (body === null) return
  const decoder = new TextDecoder()
  const read: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => read.push(event) })
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }))
    for (const { event, data } of read.splice(0)) {
      if (event === 'complete') yield null
      else yield JSON.parse(data) as StreamEvent
    }
  }
}
