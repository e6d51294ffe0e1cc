/** Reason of a refusal. Stable: refusals are counted by it. */
export type TrackerErrorReason =
  /** The ticket's two minutes are over. */
  | 'ticket-expired'
  /** The ticket was issued to an address of another network. */
  | 'ticket-elsewhere'
  /** Not a ticket of this tracker: another key or audience, changed, or not a ticket. */
  | 'ticket-invalid'
  /** Not an IPv4 or IPv6 address. */
  | 'bad-address'

/** A ticket cannot be issued or accepted. */
export class TrackerError extends Error {
  override readonly name = 'TrackerError'
  readonly code: TrackerErrorReason

  constructor(code: TrackerErrorReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
