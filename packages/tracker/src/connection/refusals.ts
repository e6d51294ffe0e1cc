import type { TrackerErrorCode } from '@peerpress/wire'

/** How a refusal is answered. */
export interface Refusal {
  /** Text of the error message. */
  readonly message: string
  /** WebSocket close code (RFC 6455 section 7.4.1), if the refusal closes the connection. */
  readonly close?: number
}

/** Refusals by the code of the error message that the peer receives. */
export const refusals: Readonly<Record<TrackerErrorCode, Refusal>> = {
  'bad-message': { message: 'Not a message of this protocol.', close: 1007 },
  'bad-ticket': { message: 'The ticket is not valid here and now.', close: 1008 },
  'not-joined': { message: 'The first message must be join.' },
  'already-joined': { message: 'A connection joins once.' },
  'rate-limited': { message: 'Too many messages.', close: 1008 },
  full: { message: 'The room is full.', close: 1013 },
  banned: { message: 'This peer sent wrong bytes.', close: 1008 },
  'policy-changed': { message: 'The site does not allow this any more.', close: 1008 },
}
