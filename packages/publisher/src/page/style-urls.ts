import { isSpace } from './srcset.ts'

const doubleQuote = 0x22
const singleQuote = 0x27
const openParenthesis = 0x28
const closeParenthesis = 0x29

/** The addresses of `url(…)` in a `style` attribute, without CSS escapes. Reads each character a fixed number of times. */
export function parseStyleUrls(style: string): string[] {
  const urls: string[] = []
  const { length } = style
  const skipSpaces = (from: number) => {
    let at = from
    while (at < length && isSpace(style.charCodeAt(at))) at++
    return at
  }
  for (let at = 0; at < length;) {
    if (!beginsUrl(style, at)) {
      at++
      continue
    }
    const start = skipSpaces(at + 4)
    const quote = style.charCodeAt(start)
    if (quote === doubleQuote || quote === singleQuote) {
      const end = style.indexOf(String.fromCharCode(quote), start + 1)
      // A string that does not end takes the rest of the style with it.
      if (end < 0) return urls
      at = skipSpaces(end + 1)
      if (style.charCodeAt(at) === closeParenthesis) urls.push(style.slice(start + 1, end))
    } else {
      let end = start
      while (end < length && isBare(style.charCodeAt(end))) end++
      at = skipSpaces(end)
      if (style.charCodeAt(at) === closeParenthesis) urls.push(style.slice(start, end))
    }
  }
  return urls
}

/** `url(` in any case. */
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
