import type { ViewId } from '@peerpress/wire'

/**
 * Returns a new id of a view: a UUID of version 7 (RFC 9562), whose first 48 bits are `now`, ms since the Unix epoch.
 * The other bits are random. The id is not stored and identifies nothing but this view. The time groups views of one
 * hour in the store. No figure uses it, because the reader's clock may be wrong.
 */
export function viewId(now: number = Date.now(), random: Pick<Crypto, 'getRandomValues'> = crypto): ViewId {
  const time = Math.max(0, Math.floor(now)).toString(16).padStart(12, '0').slice(-12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomId(random).slice(15)}`
}

/** Returns a random UUID (version 4). */
export function randomId(random: Pick<Crypto, 'getRandomValues'> = crypto): string {
  // `randomUUID()` is missing on pages without TLS.
  const bytes = random.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
