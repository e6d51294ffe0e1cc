import { RegistryError } from '../registry-error.ts'

/**
 * A site's home URL in its one spelling: no query, no fragment, a trailing slash.
 * @throws {RegistryError} `invalid-url`.
 */
export function normaliseSiteUrl(text: string): string {
  const url = parseHttpUrl(text)
  if (url === null) throw new RegistryError('invalid-url', 'a site needs an absolute http(s) URL')
  url.search = ''
  url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url.href
}

/**
 * An origin in its one spelling.
 * @throws {RegistryError} `invalid-origin`.
 */
export function normaliseOrigin(text: string): string {
  const url = parseHttpUrl(text)
  if (url === null || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new RegistryError('invalid-origin', 'an origin is scheme, host and port of an http(s) URL')
  }
  return url.origin
}

/**
 * Parses an http(s) URL without credentials; null for any other text. Its host is a plain name or an IP address: the URL
 * standard lets a host hold `;` and `*`, which mean something in headers and policies that name it. The text itself can
 * be stored: the standard also takes control characters and halves of surrogate pairs, which Postgres refuses.
 */
export function parseHttpUrl(text: string): URL | null {
  if (text.length > 2048 || controlCharacter.test(text) || !text.isWellFormed()) return null
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:'
  return isHttp && url.username === '' && url.password === '' && plainHost.test(url.hostname) ? url : null
}

const controlCharacter = /\p{Cc}/u
const plainHost = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/
