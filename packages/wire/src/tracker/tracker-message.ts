import type { TrackerClientMessage } from './tracker-client-message.ts'
import type { TrackerServerMessage } from './tracker-server-message.ts'

/** Encodes a message as one WebSocket text message. */
export function encodeTrackerMessage(message: TrackerClientMessage | TrackerServerMessage): string {
  return JSON.stringify(message)
}
