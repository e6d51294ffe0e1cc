import { countUnknownFields, type UnknownFields } from '@peerpress/wire'
import * as v from 'valibot'
import { eventTimeSchema } from '../events/event-schema.ts'
import { readAs } from '../events/read-as.ts'
import { commonSchema, type SiteMessage } from './site-message.ts'

/** A part of a site that has another version now. */
export interface ReleasedPart {
  /** `plugin SLUG` or `theme SLUG`. */
  readonly component: string
  readonly version: string
}

/** A verified event: parts of a WordPress site were updated or switched on. */
export interface ReleaseEvent {
  readonly at: Date
  readonly parts: readonly ReleasedPart[]
}

/** Maximum number of parts in one event. */
const maxParts = 50

const eventSchema = v.object({
  ...commonSchema.entries,
  type: v.literal('site.released'),
  timestamp: eventTimeSchema,
  data: v.object({
    releases: v.pipe(
      v.array(
        v.object({
          // Not PeerPress itself: its version comes with every message.
          component: v.pipe(v.string(), v.regex(/^(?:plugin|theme) [A-Za-z0-9._-]{1,90}$/)),
          version: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w .+~:-]{0,49}$/)),
        }),
      ),
      v.minLength(1),
      v.maxLength(maxParts),
    ),
  }),
})

/**
 * Decodes a message as an event of released parts. Returns null for a message of another type. Unknown fields of later
 * releases are dropped and added to `tally`.
 * @throws {ConnectorError} `bad-event`
 */
export function readReleaseEvent({ content }: SiteMessage, tally?: UnknownFields): ReleaseEvent | null {
  if (!v.is(v.object({ type: eventSchema.entries.type }), content)) return null
  const event = readAs(eventSchema, content)
  if (tally !== undefined) tally.unknownFields += countUnknownFields(content, event)
  return { at: new Date(event.timestamp), parts: event.data.releases }
}
