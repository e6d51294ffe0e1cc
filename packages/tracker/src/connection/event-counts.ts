const events = [
  // Regular events.
  'connected',
  'disconnected',
  'joined',
  'introduced',
  'relayed',
  'credited',
  // A peer was proven to lie; a banned peer tried to join.
  'liar-banned',
  'banned',
  // Ignored fields of messages, which a later release may define.
  'unknown-field',
  // Refusals by reason.
  'bad-message',
  'binary',
  'oversized',
  'bad-frame',
  'fragmented',
  'unfinished',
  'rate-limited',
  'not-joined',
  'already-joined',
  'ticket-expired',
  'ticket-elsewhere',
  'ticket-invalid',
  'bad-address',
  'key-not-held',
  'full',
  'policy-changed',
  'network-full',
  'network-hurried',
  'bad-upgrade',
  'displaced',
  'not-introduced',
  'signal-refused',
  'signal-excess',
  'signal-to-slow',
  'false-accusation',
  'accusation-ignored',
  'signature-unchecked',
  'claim-refused',
  'claim-same-network',
  'claim-capped',
  'claim-stale',
  'never-joined',
  'unresponsive',
  'slow-reader',
  // Unexpected errors.
  'failed',
] as const

/** Names of the events that the tracker counts. */
export type TrackerEvent = (typeof events)[number]

/** Counts events since the start. */
export class EventCounts {
  readonly #counts = Object.fromEntries(events.map((event) => [event, 0])) as Record<TrackerEvent, number>

  add(event: TrackerEvent, times = 1): void {
    this.#counts[event] += times
  }

  snapshot(): Readonly<Record<TrackerEvent, number>> {
    return { ...this.#counts }
  }
}
