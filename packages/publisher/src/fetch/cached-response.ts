/** Returns a header's value, or null. */
type Header = (name: string) => string | null

/** Headers in which caches report whether they responded: CDNs, and page caches of hosts and plugins. */
const reports = [
  'cache-status',
  'cdn-cache',
  'cf-cache-status',
  'x-cache',
  'x-cache-status',
  'x-cache-hits',
  'x-drupal-cache',
  'x-fastcgi-cache',
  'x-kinsta-cache',
  'x-litespeed-cache',
  'x-nginx-cache',
  'x-proxy-cache',
  'x-rocket-nginx-serving-static',
  'x-varnish-cache',
  'x-vercel-cache',
  'x-wp-cf-super-cache-cache-status',
] as const

/**
 * Matches words for a response that was not made for this request. `fwd=stale` in RFC 9211 means that it was made for
 * it.
 */
const stored = /hit\b|\b(?:stale|updating|revalidated)\b/i

/**
 * Returns whether the response's headers report that it came from a cache. `Age` is standardized by RFC 9111 and
 * `Cache-Status` by RFC 9211; products use the other headers. Varnish sends the ids of two requests if it answers one
 * with the response to another.
 */
export function isFromCache(header: Header): boolean {
  if (Number(header('age') ?? 0) > 0) return true
  if (/^\d+\s+\d+/.test(header('x-varnish') ?? '')) return true
  if (/^(?:yes|true)$/i.test(header('x-rocket-nginx-serving-static') ?? '')) return true
  if (/[1-9]/.test(header('x-cache-hits') ?? '')) return true
  return reports.some((name) => stored.test((header(name) ?? '').replace(/\bfwd=[\w-]+/g, '')))
}

/** Request headers that ask caches not to respond themselves. */
export const uncached = { 'cache-control': 'no-cache', pragma: 'no-cache' } as const

/** The query parameter that bypasses caches which ignore request headers. */
const parameter = 'peerpress-look'

/** Returns the URL with a parameter that no cache has seen. */
export function withUniqueQuery(url: string, unique: string): string {
  const look = new URL(url)
  look.hash = ''
  look.search = `${look.search === '' ? '?' : `${look.search}&`}${parameter}=${unique}`
  return look.href
}

/** Returns the URL without that parameter, otherwise unchanged. */
export function withoutUniqueQuery(url: URL): URL {
  const bare = new URL(url)
  const fields = bare.search.slice(1).split('&')
  bare.search = fields.filter((field) => !field.startsWith(`${parameter}=`)).join('&')
  return bare
}
