import { WireError } from '../wire-error.ts'

/** Encodes bytes as standard base64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let start = 0; start < bytes.length; start += 8192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8192))
  }
  return btoa(binary)
}

/** Encodes bytes as base64url without padding (RFC 4648 section 5). */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Decodes standard base64 with padding.
 * @throws {WireError} `malformed` if the text is not the canonical encoding of its bytes.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  let binary = ''
  try {
    binary = atob(text)
  } catch {
    // The comparison fails.
  }
  // `atob` also accepts white space, missing padding, and trailing bits that belong to no byte.
  if (btoa(binary) !== text) throw new WireError('malformed', 'not base64')
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

/**
 * Decodes base64url without padding.
 * @throws {WireError} `malformed`, as {@link decodeBase64}.
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text)) throw new WireError('malformed', 'not base64url')
  return decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/') + '==='.slice((text.length + 3) % 4))
}
