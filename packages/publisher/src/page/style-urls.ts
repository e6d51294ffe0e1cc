import { isSpace } from './srcset.ts'

const doubleQuote = 0x22
const singleQuote = 0x27
const openParenthesis = 0x28
const closeParenthesis = 0x29
const backslash = 0x5c
const slash = 0x2f
const asterisk = 0x2a

/**
 * Returns the URLs of `url(…)` and of the strings in `image-set(…)` in CSS, with escapes decoded. Reads each character
 * a fixed number of times.
 */
export function parseStyleUrls(style: string): string[] {
  const urls: string[] = []
  const { length } = style
  // Depth of parentheses within image-set(); 0 outside.
  let setDepth = 0
  const skipSpaces = (from: number) => {
    let at = from
    while (at < length && isSpace(style.charCodeAt(at))) at++
    return at
  }
  for (let at = 0; at < length;) {
    const code = style.charCodeAt(at)
    if (beginsUrl(style, at)) {
      const start = skipSpaces(at + 4)
      const quote = style.charCodeAt(start)
      const isQuoted = quote === doubleQuote || quote === singleQuote
      const end = isQuoted ? endOfString(style, start) : endOfBare(style, start)
      // An unterminated string consumes the rest of the style.
      if (isQuoted && end === length) return urls
      at = skipSpaces(isQuoted ? end + 1 : end)
      if (style.charCodeAt(at) === closeParenthesis) {
        urls.push(unescaped(style.slice(isQuoted ? start + 1 : start, end)))
        at++
      }
    } else if (code === slash && style.charCodeAt(at + 1) === asterisk) {
      const end = style.indexOf('*/', at + 2)
      if (end < 0) return urls
      at = end + 2
    } else if (beginsImageSet(style, at)) {
      setDepth++
      at += imageSet.length
    } else if (setDepth > 0 && (code === doubleQuote || code === singleQuote)) {
      const end = endOfString(style, at)
      if (end === length) return urls
      urls.push(unescaped(style.slice(at + 1, end)))
      at = end + 1
    } else {
      if (setDepth > 0 && code === openParenthesis) setDepth++
      if (setDepth > 0 && code === closeParenthesis) setDepth--
      at++
    }
  }
  return urls
}

const imageSet = 'image-set('

function beginsImageSet(style: string, at: number): boolean {
  for (let index = 0; index < imageSet.length; index++) {
    const code = style.charCodeAt(at + index)
    const wanted = imageSet.charCodeAt(index)
    if (code !== wanted && !(wanted >= 0x61 && code === wanted - 0x20)) return false
  }
  return true
}

/** Returns the index of the closing quote of the string that starts at `start`, or the length of the style. */
function endOfString(style: string, start: number): number {
  const quote = style.charCodeAt(start)
  let at = start + 1
  while (at < style.length && style.charCodeAt(at) !== quote) at += style.charCodeAt(at) === backslash ? 2 : 1
  return Math.min(at, style.length)
}

function endOfBare(style: string, start: number): number {
  let at = start
  while (at < style.length && isBare(style.charCodeAt(at)))
    at = style.charCodeAt(at) === backslash ? endOfEscape(style, at) : at + 1
  return Math.min(at, style.length)
}

/** Returns the end of an escape. One white space after its digits belongs to it. */
function endOfEscape(style: string, start: number): number {
  let at = start + 1
  while (at < start + 7 && isHexDigit(style.charCodeAt(at))) at++
  if (at === start + 1) return at + 1
  return isSpace(style.charCodeAt(at)) ? at + 1 : at
}

function isHexDigit(code: number): boolean {
  const letter = code | 0x20
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x66)
}

/** Decodes the escapes of a CSS text (CSS Syntax, section 4.3.7). */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?|(\r\n|[\r\n\f])|(.)|$)/gis,
    (_, hex?: string, newline?: string, character?: string) => {
      if (hex === undefined) return newline === undefined ? (character ?? '') : ''
      const code = Number.parseInt(hex, 16)
      return code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)
        ? '\ufffd'
        : String.fromCodePoint(code)
    },
  )
}

/** Returns whether `url(` starts here, in any case. */
function beginsUrl(style: string, at: number): boolean {
  return (
    isLetter(style, at, 0x75) &&
    isLetter(style, at + 1, 0x72) &&
    isLetter(style, at + 2, 0x6c) &&
    style.charCodeAt(at + 3) === openParenthesis
  )
}

function isLetter(style: string, at: number, lowerCase: number): boolean {
  const code = style.charCodeAt(at)
  return code === lowerCase || code === lowerCase - 0x20
}

function isBare(code: number): boolean {
  return code !== closeParenthesis && code !== doubleQuote && code !== singleQuote && !isSpace(code)
}
