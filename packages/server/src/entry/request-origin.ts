import type { IncomingMessage } from 'node:http'
import { isLocalHost } from '@peerpress/wire/local-host'

/** The page that sent a request: one of this server, one of another origin, or none that a browser reported. */
export type RequestOrigin = 'own' | 'foreign' | 'absent'

/**
 * Compares the header `Origin` with the address of the server. Browsers send it with every request that is not GET or HEAD,
 * and pages cannot change it.
 * @param publicUrl the origin of the server behind its TLS proxy, which may have replaced the header `Host`
 */
export function originOf({ headers }: IncomingMessage, publicUrl: string | undefined): RequestOrigin {
  const { origin, host } = headers
  if (origin === undefined) return 'absent'
  const scheme = /^https?:\/\//.exec(origin)?.[0]
  if (scheme === undefined) return 'foreign'
  const own = [publicUrl, URL.parse(`${scheme}${host ?? ''}`)?.origin]
  return own.includes(origin) ? 'own' : 'foreign'
}

/** Whether a browser protects what it sends from the page of the request: by TLS, or because it stays on the machine. */
export function isSecureOrigin({ headers }: IncomingMessage): boolean {
  const url = URL.parse(headers.origin ?? '')
  return url !== null && (url.protocol === 'https:' || isLocalHost(url.hostname))
}
