import type { IncomingMessage } from 'node:http'
import proxyAddr from 'proxy-addr'
import { ServerError } from './server-error.ts'

/** Tells the address a request comes from: the nearest one that is not a trusted proxy's. */
export type ClientAddress = (request: IncomingMessage) => string

/**
 * Believes `X-Forwarded-For` only as far as the proxies in `trusted` vouch for it.
 * @throws {ServerError} `bad-config` when an entry is no address, range or known name.
 */
export function clientAddressBehind(trusted: readonly string[]): ClientAddress {
  try {
    const trust = proxyAddr.compile([...trusted])
    // Whom nobody is believed to speak for is who is connected.
    if (trusted.length === 0) return (request) => request.socket.remoteAddress ?? ''
    return (request) => proxyAddr(request, trust)
  } catch (cause) {
    throw new ServerError(
      'bad-config',
      `trusted proxies: ${trusted.join(', ')} is not a list of addresses or ranges`,
      { cause },
    )
  }
}
