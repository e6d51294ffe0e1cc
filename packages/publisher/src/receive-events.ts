import {
  type EventMessage,
  readEvents,
  readReleaseEvent,
  readSignedMessage,
  type RefusedEvent,
  type ReleaseEvent,
  type SignedMessage,
} from '@peerpress/connectors'
import type { Registry, Site } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { requireConnected } from './find-site.ts'
import { eventJob, keyOf } from './manifest/publication-jobs.ts'
import type { RunningPublications } from './manifest/running-publications.ts'
import { PublisherError } from './publisher-error.ts'

/** The result of receiving the events of one message. */
export interface EventsReceipt {
  /** Whether the message was a batch. Otherwise it was one event, which was accepted or repeated. */
  readonly isBatch: boolean
  readonly accepted: number
  /** Number of events that were accepted before. They have no further effect. */
  readonly repeated: number
  /** Events of a batch that were refused. The others were accepted. */
  readonly refused: readonly RefusedEvent[]
}

/** Receives the events of sites: each one that is new becomes a job. */
export interface EventIntake {
  /** As of `Publisher.receiveEvents`. */
  receiveEvents(message: SignedMessage): Promise<EventsReceipt>
  /** As of `Publisher.receiveChanges`. */
  receiveChanges(site: Site, message: EventMessage): Promise<EventsReceipt>
  /** Returns the number of unknown fields of later releases that were ignored since the start. */
  unknownFields(): number
}

export function createEventIntake({
  registry,
  running,
}: {
  readonly registry: Registry
  readonly running: RunningPublications
}): EventIntake {
  const tally = { unknownFields: 0 }

  const receiveChanges = async (
    site: Site,
    { isBatch, events, refused: malformed }: EventMessage,
  ): Promise<EventsReceipt> => {
    const refused = [...malformed]
    let accepted = 0
    for (const event of events) {
      try {
        const isNew = await registry.events.claim(site.id, event.id, eventJob(site, event))
        if (isNew) accepted++
        if (isNew && event.statement.says !== 'published') running.withdraw(keyOf(site.id, event.post))
      } catch (error) {
        const isForeign = error instanceof PublisherError && error.code === 'foreign-url'
        if (!isBatch || !isForeign) throw error
        refused.push({ id: event.id, code: 'foreign-url', detail: error.message })
      }
    }
    const repeated = events.length + malformed.length - accepted - refused.length
    return { isBatch, accepted, repeated, refused }
  }

  return {
    unknownFields: () => tally.unknownFields,
    receiveEvents: async (signed) => {
      const { site, ...message } = await readSignedMessage(registry, signed)
      const version = pluginVersion(signed.headers['user-agent'])
      if (version !== null) {
        await registry.releases.record(site.id, { component: 'PeerPress', version, releasedAt: new Date() })
      }
      const released = readReleaseEvent(message, tally)
      return released === null
        ? receiveChanges(site, readEvents(message, tally))
        : recordReleases(registry, site.id, released)
    },
    receiveChanges: (site, message) => receiveChanges(requireConnected(site), message),
  }
}

/** Events wait in a site at most so long, ms. An earlier time is no time at which a part was released. */
const maxDelay = 7 * 86_400_000

/** Records released parts of a site. A repeated event changes nothing: known versions keep their time. */
async function recordReleases(
  { releases }: Pick<Registry, 'releases'>,
  site: SiteId,
  { at, parts }: ReleaseEvent,
): Promise<EventsReceipt> {
  const now = Date.now()
  const releasedAt = new Date(Math.min(now, Math.max(now - maxDelay, at.getTime())))
  for (const part of parts) await releases.record(site, { ...part, releasedAt })
  return { isBatch: false, accepted: 1, repeated: 0, refused: [] }
}

/** Returns the version of the plugin that sent a message, such as `0.3.0`; null for another sender. */
function pluginVersion(userAgent: string | readonly string[] | undefined): string | null {
  return typeof userAgent === 'string'
    ? (/^PeerPress\/(\d[\w.+-]{0,30})$/.exec(userAgent)?.[1] ?? null)
    : null
}
