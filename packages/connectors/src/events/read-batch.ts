import * as v from 'valibot'
import { ConnectorError } from '../connector-error.ts'
import type { PostChange } from '../contract.ts'
import { readAs } from './read-as.ts'

/** An event of a batch that was not accepted. Sending it again is useless. */
export interface RefusedEvent {
  readonly id: string
  readonly code: 'bad-event' | 'foreign-url'
  /** A description for people. */
  readonly detail: string
}

/** The events of one message. */
export interface EventMessage<Event extends PostChange = PostChange> {
  /** False for a message that is a single event, as release 0.1 of the plugin sends them. */
  readonly isBatch: boolean
  readonly events: readonly Event[]
  /** Always empty without a batch. */
  readonly refused: readonly RefusedEvent[]
}

/** Maximum number of events in one batch. */
const maxBatch = 100

const batchSchema = v.object({
  events: v.pipe(
    v.array(v.looseObject({ id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,128}$/)) })),
    v.minLength(1),
    v.maxLength(maxBatch),
  ),
})

/**
 * Decodes a message as events: a batch if its type is `batch`, else one event.
 * @param readOne decodes one event; throws {@link ConnectorError} `bad-event`
 * @throws {ConnectorError} `bad-event` if the single event or the batch itself is malformed.
 */
export function readBatch<Event extends PostChange>(
  { id, content }: { readonly id: string; readonly content: unknown },
  readOne: (id: string, content: unknown) => Event,
): EventMessage<Event> {
  if (!v.is(v.object({ type: v.literal('batch') }), content))
    return { isBatch: false, events: [readOne(id, content)], refused: [] }
  const events: Event[] = []
  const refused: RefusedEvent[] = []
  for (const { id: own, ...event } of readAs(batchSchema, content).events) {
    try {
      events.push(readOne(own, event))
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      refused.push({ id: own, code: 'bad-event', detail: error.message })
    }
  }
  return { isBatch: true, events, refused }
}
