const comma = 0x2c

/**
 * Returns the URLs of a `srcset` attribute, split as the HTML standard specifies: a URL may contain commas, but a comma
 * at its end separates. Reads each character a fixed number of times.
 */
export function parseSrcset(text: string): string[] {
  const urls: string[] = []
  const { length } = text
  for (let at = 0; ;) {
    while (at < length && (isSpace(text.charCodeAt(at)) || text.charCodeAt(at) === comma)) at++
    if (at === length) return urls
    const start = at
    while (at < length && !isSpace(text.charCodeAt(at))) at++
    let end = at
    while (text.charCodeAt(end - 1) === comma) end--
    urls.push(text.slice(start, end))
    // A descriptor follows, up to the next comma.
    if (end === at) while (at < length && text.charCodeAt(at) !== comma) at++
  }
}

/**
 * Returns whether the code is ASCII whitespace of the Infra standard: tab, line feed, form feed, carriage return,
 * space.
 */
export function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0c || code === 0x0d
}
