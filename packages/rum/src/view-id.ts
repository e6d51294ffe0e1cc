import type { ViewId } from '@peerpress/wire'

/** A new id for a view: a random UUID (version 4). It is kept nowhere and names nothing but this view. */
export function viewId(random: Pick<Crypto, 'getRandomValues'> = crypto): ViewId {
  // Not `randomUUID()`: pages without TLS do not have it.
  const bytes = random.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
