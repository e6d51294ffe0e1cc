import type { ViewId } from '@peerpress/wire'

/**
 * A new id for a view: a UUID of version 7 (RFC 9562), its first 48 bits `now`, ms since the Unix epoch, the rest random.
 * It is kept nowhere and names nothing but this view. The time keeps views of one hour together in the store; no figure
 * is made of it, for the reader's clock may be wrong.
 */
export function viewId(now: number = Date.now(), random: Pick<Crypto, 'getRandomValues'> = crypto): ViewId {
  const time = Math.max(0, Math.floor(now)).toString(16).padStart(12, '0').slice(-12)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomId(random).slice(15)}`
}

/** A random UUID (version 4). */
export function randomId(random: Pick<Crypto, 'getRandomValues'> = crypto): string {
  // Not `randomUUID()`: pages without TLS do not have it.
  const bytes = random.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
