import { maxTrackerMessageLength } from '@peerpress/wire'
import type { NetworkAccount } from '../admission/networks.ts'

/** Maximum of bytes of one unfinished message, including its frames' headers and the pings between them. */
const maxHeldBytes = 2 * maxTrackerMessageLength
/** Length of a masked WebSocket frame's header (RFC 6455 section 5.2), for a length of one byte and of two more. */
const frameHeader = { short: 6, long: 8 }
/** Length of a payload from which on the header has the two more bytes. */
const longPayload = 126

/** Counts the bytes that a connection holds because their message is not complete, also for its network. */
export class HeldBytes {
  readonly #account: NetworkAccount
  #held = 0
  /** The bytes that the network's account counts. */
  #accounted = 0
  #wasUnfinished = false

  constructor(account: NetworkAccount) {
    this.#account = account
  }

  /** Counts bytes that arrived, after their complete messages were counted off. False if too many are held. */
  arrived(bytes: number): boolean {
    this.#held += bytes
    if (this.#held === this.#accounted) return true
    const isWithinLimit = this.#account.hold(this.#held - this.#accounted)
    this.#accounted = this.#held
    return isWithinLimit && this.#held <= maxHeldBytes
  }

  /** Counts off a complete message with this many bytes of payload. */
  completed(payload: number): void {
    this.#held -= payload + (payload < longPayload ? frameHeader.short : frameHeader.long)
    this.#wasUnfinished = false
  }

  /** Counts off a ping or pong, which leaves a message unfinished. */
  completedControl(payload: number): void {
    this.#held -= payload + frameHeader.short
  }

  /** Whether a message has been unfinished since the last call. */
  checkUnfinished(): boolean {
    const wasUnfinished = this.#wasUnfinished
    this.#wasUnfinished = this.#held > 0
    return wasUnfinished
  }

  /** Removes the bytes from the network's account. */
  release(): void {
    this.#account.hold(-this.#accounted)
    this.#accounted = 0
  }
}
