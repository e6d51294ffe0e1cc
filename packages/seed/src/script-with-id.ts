/** The text of the script element with this id; null when the page has none. No stretch of the page is searched twice. */
export function scriptWithId(html: string, id: string): string | null {
  for (const tag of html.matchAll(/<script\b[^<>]*>/gi)) {
    if (/\sid=["']?([^"'\s>]+)/i.exec(tag[0])?.[1] !== id) continue
    const start = tag.index + tag[0].length
    const length = html.slice(start).search(/<\/script/i)
    return length < 0 ? null : html.slice(start, start + length)
  }
  return null
}
