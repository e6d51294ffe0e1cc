import { getBOMEncoding, normalizeEncoding } from '@exodus/bytes/encoding.js'

/** Bytes at the start of a document that {@link xmlEncoding} reads. */
export const encodingHeadLength = 1024

/**
 * Returns the encoding of an XML document by its first bytes: the byte order mark, then the zeros of UTF-16, then the
 * `charset` of its header (RFC 7303), then its XML declaration. The default is UTF-8.
 */
export function xmlEncoding(head: Uint8Array, charset: string | null): string {
  return getBOMEncoding(head) ?? utf16Of(head) ?? known(charset) ?? known(declaredIn(head)) ?? 'utf-8'
}

/** Returns UTF-16 if the first character is `<` in it. */
function utf16Of([first, second]: Uint8Array): string | null {
  if (first === 0x3c && second === 0) return 'utf-16le'
  return first === 0 && second === 0x3c ? 'utf-16be' : null
}

/** Returns the name of an encoding that has a decoder; null for any other label. */
function known(label: string | null): string | null {
  const name = label === null ? null : normalizeEncoding(label)
  // A document in UTF-16 was recognized before: a label of UTF-16 on ASCII is wrong.
  return name === null || name === 'replacement' || name.startsWith('utf-16') ? null : name
}

function declaredIn(head: Uint8Array): string | null {
  const start = Buffer.from(head.subarray(0, encodingHeadLength)).toString('latin1')
  if (!start.startsWith('<?xml')) return null
  const [declaration = ''] = start.split('>', 1)
  return /\sencoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(declaration)?.[1] ?? null
}
