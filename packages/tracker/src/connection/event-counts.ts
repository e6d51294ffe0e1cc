const events = [
  // What went as it should.
  'connected',
  'disconnected',
  'joined',
  'introduced',
  'relayed',
  'credited',
  // Who was proven to lie, and who came back or came from where many did.
  'liar-banned',
  'banned',
  // Fields of messages that a later release has, which were ignored.
  'unknown-field',
  // What was refused, by reason.
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
  // What failed here.
  'failed',
] as const

/** What the tracker counts: what went well, and every reason for a refusal. */
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
