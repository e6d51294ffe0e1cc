import sanitizeHtml from 'sanitize-html'

/**
 * Returns the text of foreign HTML for people: without markup, control characters, invisible characters and marks of writing
 * direction, with at most two combining marks on a character, NFC, with single spaces, at most so many characters long.
 */
export function plainText(html: string, maxLength: number): string {
  // A text is cut before it is read: a page may have megabytes in an attribute.
  const stripped = sanitizeHtml(html.slice(0, maxLength * 20), { allowedTags: [], allowedAttributes: {} })
  const text = decoded(stripped)
    .toWellFormed()
    .normalize('NFC')
    .replace(hidden, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/(\p{M}{2})\p{M}+/gu, '$1')
    .trim()
  return shortened(text, maxLength)
}

/**
 * Format characters, private use, and fillers that show nothing. U+200C and U+200D stay between letters, because Persian and Indic
 * scripts and emoji need them.
 */
const hidden =
  /(?:(?![\u200C\u200D])[\p{Cf}\p{Co}\p{Cn}])|(?<![\p{L}\p{M}\p{Emoji}])[\u200C\u200D]|[\u115F\u1160\u3164\uFFA0]|[\u{E0100}-\u{E01EF}]/gu

/** Returns the text behind the four references that sanitize-html writes. */
function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Cuts a text between characters as readers see them, after at most so many UTF-16 units. */
function shortened(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  let end = 0
  for (const { index, segment } of segmenter.segment(text.slice(0, maxLength))) {
    if (index + segment.length > maxLength - 1) break
    end = index + segment.length
  }
  return `${text.slice(0, end).trimEnd()}…`
}
