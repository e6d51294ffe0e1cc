import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from '@exodus/bytes/encoding.js'
import { xmlEncoding } from './xml-encoding.ts'

/** The text of a document. */
export interface DecodedDocument {
  readonly text: string
  /** The difference between the stated and the real encoding; null if there is none. */
  readonly problem: string | null
}

/**
 * Decodes a whole document. If its bytes contradict the stated encoding, the encoding that they fit is used: a wrong
 * declaration is the most frequent fault of feeds.
 */
export function decodeDocument(bytes: Uint8Array, charset: string | null): DecodedDocument {
  const stated = xmlEncoding(bytes, charset)
  const real = realEncoding(bytes, stated)
  const text = new TextDecoder(real).decode(bytes)
  if (real !== stated) return { text, problem: `It states the encoding ${stated}, but it is in ${real}.` }
  const isBroken = stated === 'utf-8' && !isUtf8(bytes)
  return { text, problem: isBroken ? 'Some of its characters are not valid UTF-8.' : null }
}

function realEncoding(bytes: Uint8Array, stated: string): string {
  if (stated === 'utf-8') return isRatherSingleByte(bytes) ? 'windows-1252' : stated
  // Text of a legacy encoding is hardly ever valid UTF-8 by chance.
  return !stated.startsWith('utf-16') && !isAscii(bytes) && isUtf8(bytes) ? 'utf-8' : stated
}

/** Returns whether more characters are invalid in UTF-8 than valid, ASCII aside. */
function isRatherSingleByte(bytes: Uint8Array): boolean {
  if (isUtf8(bytes)) return false
  let invalid = 0
  let valid = 0
  for (const character of new TextDecoder('utf-8').decode(bytes)) {
    if (character === '\ufffd') invalid++
    else if (character > '\x7f') valid++
  }
  return invalid > valid
}
