/**
 * The URLs of a `srcset` attribute, as the HTML standard splits it: a URL may hold commas, but one at its
 * end separates.
 */
export function parseSrcset(text: string): string[] {
  const urls: string[] = []
  let rest = text
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '')
    const url = /^\S+/.exec(rest)?.[0]
    if (url === undefined) return urls
    rest = rest.slice(url.length)
    const bare = url.replace(/,+$/, '')
    urls.push(bare)
    if (bare === url) rest = rest.replace(/^[^,]*/, '')
  }
}
