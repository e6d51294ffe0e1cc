import { createHmac, timingSafeEqual } from 'node:crypto'

/** The path of the page that a message's unsubscribe link opens. */
export const unsubscribePath = '/v1/unsubscribe'

/** The name of the secret that signs unsubscribe links. */
export const unsubscribeSecret = 'unsubscribe-key'

/** Signs the unsubscribe links of channels, so that only a message's receiver can end it. */
export class UnsubscribeLinks {
  readonly #key: Uint8Array

  constructor(key: Uint8Array) {
    this.#key = key
  }

  /** @param publicUrl the origin at which browsers reach this server */
  linkOf(channel: string, publicUrl: string): string {
    return `${publicUrl}${unsubscribePath}/${channel}.${this.#signature(channel)}`
  }

  /** Returns the channel of a link's last part; null if the signature is wrong. */
  channelOf(token: string): string | null {
    const [channel = '', given = ''] = token.split('.', 2)
    const expected = Buffer.from(this.#signature(channel))
    const actual = Buffer.from(given)
    return actual.length === expected.length && timingSafeEqual(actual, expected) ? channel : null
  }

  #signature(channel: string): string {
    return createHmac('sha256', this.#key).update(`unsubscribe ${channel}`).digest('base64url')
  }
}
