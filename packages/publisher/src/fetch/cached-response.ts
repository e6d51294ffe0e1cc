/** A header's value, or null. */
type Header = (name: string) => string | null

/** Headers by which caches report whether they answered: CDNs, page caches of hosts and of plugins. */
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

/** Words for an answer that was not made for this request (`fwd=stale` is RFC 9211's word for one that was). */
const stored = /hit\b|\b(?:stale|updating|revalidated)\b/i

/**
 * Whether a response says that it comes from a cache. `Age` is RFC 9111's word for it, `Cache-Status` RFC 9211's; the
 * others are what products use. Varnish gives the ids of two requests when it answers one with what it made for another.
 */
export function isFromCache(header: Header): boolean {
  if (Number(header('age') ?? 0) > 0) return true
  if (/^\d+\s+\d+/.test(header('x-varnish') ?? '')) return true
  if (/^(?:yes|true)$/i.test(header('x-rocket-nginx-serving-static') ?? '')) return true
  if (/[1-9]/.test(header('x-cache-hits') ?? '')) return true
  return reports.some((name) => stored.test((header(name) ?? '').replace(/\bfwd=[\w-]+/g, '')))
}

/** The request headers by which a cache is asked not to answer itself. */
export const uncached = { 'cache-control': 'no-cache', pragma: 'no-cache' } as const

/** The parameter that makes an address unknown to caches that ignore request headers. */
const parameter = 'peerpress-look'

/** The address with a parameter that no cache has seen. */
export function withUniqueQuery(url: string, unique: string): string {
  const look = new URL(url)
  look.hash = ''
  look.search = `${look.search === '' ? '?' : `${look.search}&`}${parameter}=${unique}`
  return look.href
}

/** The address without that parameter, all else as it was. */
export function withoutUniqueQuery(url: URL): URL {
  const bare = new URL(url)
  const fields = bare.search.slice(1).split('&')
  bare.search = fields.filter((field) => !field.startsWith(`${parameter}=`)).join('&')
  return bare
}
