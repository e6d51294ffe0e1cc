import type { PageConfig } from '@peerpress/wire'
import { cachedResponse } from '../cached-response.ts'

/** Styles, scripts and fonts that are kept at most, of all pages together, and how large each may be, bytes. */
const maxParts = 200
const maxPartSize = 1024 * 1024

/** URLs of what this page was read with, of its own origin: style sheets and what they import, scripts, fonts. */
export function partsOf({ scripts, notice, snapshot }: PageConfig): readonly string[] {
  const linked = document.querySelectorAll<HTMLLinkElement | HTMLScriptElement>(
    'link[rel~=stylesheet], link[rel=modulepreload], script[src]',
  )
  const loaded = performance
    .getEntriesByType('resource')
    .filter(({ name }) => /\.(?:css|m?js|woff2?|[ot]tf)$/.test(new URL(name).pathname))
  const urls = [
    ...Array.from(linked, (element) => ('src' in element ? element.src : element.href)),
    ...loaded.map(({ name }) => name),
    ...[scripts.rum, scripts.swarm, notice?.script, snapshot?.script].map((url) =>
      url ? new URL(url, location.href).href : '',
    ),
  ]
  return [...new Set(urls)].filter((url) => url.startsWith(`${location.origin}/`))
}

/** Stores those that the HTTP cache has: no request leaves the browser. `isKnown`: parts that are stored are as good. */
export async function keepParts(parts: Cache, urls: readonly string[], isKnown: boolean): Promise<void> {
  for (const url of urls) {
    if (isKnown && (await parts.match(url, { ignoreVary: true }))) continue
    const response = await cachedResponse(url).catch(() => null)
    if (response?.status !== 200) continue
    const body = await response.blob()
    if (body.size <= maxPartSize) await parts.put(url, new Response(body, { headers: headersOf(response) }))
  }
  const kept = await parts.keys()
  for (const old of kept.slice(0, Math.max(0, kept.length - maxParts))) await parts.delete(old)
}

/** What a body that was decoded must not say of itself is left out. */
function headersOf({ headers }: Response): Headers {
  const said = new Headers(headers)
  for (const name of ['content-encoding', 'content-length', 'vary']) said.delete(name)
  return said
}
