import { createHash } from 'node:crypto'
import { parseHttpUrl } from '@peerpress/registry'
import type { PostId } from '@peerpress/wire'

/** Query parameters that name the way to a page, not the page: campaigns and click ids. */
const trackingParameter = /^(?:utm_[a-z_]+|fbclid|gclid|msclkid|mc_cid|mc_eid)$/i

/** Start of the ids of posts that are known by their URL. No CMS with ids of its own uses it. */
const prefix = 'u~'
/** Characters of the hash: 132 bits. */
const hashLength = 22

/**
 * Returns the one spelling of a page's URL: without fragment and without tracking parameters. Returns null for a text
 * that is no http(s) URL without credentials.
 */
export function canonicalUrl(text: string): URL | null {
  const url = parseHttpUrl(text)
  if (url === null) return null
  url.hash = ''
  const fields = url.search.slice(1).split('&')
  const kept = fields.filter((field) => field !== '' && !trackingParameter.test(field.split('=', 1)[0] ?? ''))
  url.search = kept.join('&')
  return url
}

/**
 * Returns the id of a post whose CMS gives it none: a hash of its canonical URL. The same page has the same id in a feed,
 * in a sitemap, in an event and in the configuration that `peerpress publish` writes into it. Hosts of static sites serve
 * `about.html` as `/about` and `/about/` too, so these have one id, and so have `http:` and `https:`, and a character and
 * its escaped form.
 */
export function postIdOf({ host, pathname, search }: URL): PostId {
  const name = `${host}${unescaped(pathname.replace(pageEnding, ''))}${search}`
  const hash = createHash('sha256').update(name).digest('base64url')
  return `${prefix}${hash.slice(0, hashLength)}`
}

/** The end of a path that hosts of static sites add or leave out. */
const pageEnding = /\/(?:index(?:\.html?)?)?$|\.html?$/

/** Returns a path without escapes, in one of the two forms that accented letters have; as it is if it is not UTF-8. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path).normalize('NFC')
  } catch {
    return path
  }
}

/** Returns whether the id was made by {@link postIdOf}. */
export function isUrlPost(post: PostId): boolean {
  return post.startsWith(prefix)
}
