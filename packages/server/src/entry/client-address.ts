import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import proxyAddr from 'proxy-addr'
import { ServerError } from '../server-error.ts'

/**
 * Returns the client address of a request: the nearest address that is not a trusted proxy's. Empty if the connection is
 * closed.
 */
export type ClientAddress = (request: IncomingMessage) => string

/** Limits of `X-Forwarded-For`: entries, and characters. A chain of proxies is short. */
const maxHops = 32
const maxLength = 2048

/**
 * Creates a reader of client addresses. It uses `X-Forwarded-For` only as far as the proxies in `trusted` wrote it. An entry
 * that is no address ends the chain: the proxy that wrote it counts as the client.
 * @throws {ServerError} `bad-config` when an entry is no address, range or known name.
 */
export function clientAddressBehind(trusted: readonly string[]): ClientAddress {
  const trusts = compile(trusted)
  // Without a trusted proxy, the client address is the socket's address.
  if (trusted.length === 0) return (request) => request.socket.remoteAddress ?? ''
  return (request) => {
    let client = request.socket.remoteAddress ?? ''
    let isTrusted = client !== '' && trusts(client, 0)
    for (const hop of hopsOf(request)) {
      const address = isTrusted ? addressIn(hop) : undefined
      if (address === undefined) break
      client = address
      isTrusted = trusts(client, 1)
    }
    return client
  }
}

/** Returns the entries of `X-Forwarded-For`, the nearest first. */
function hopsOf({ headers }: IncomingMessage): readonly string[] {
  const header = headers['x-forwarded-for']
  if (header === undefined) return []
  const text = (Array.isArray(header) ? header.join(',') : header).slice(-maxLength)
  return text.split(',').slice(-maxHops).toReversed()
}

/** Returns the address in an entry. Some proxies add a port, brackets or a zone. */
function addressIn(entry: string): string | undefined {
  const text = entry.trim()
  const [, inBrackets] = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text) ?? []
  const [, beforePort] = /^([^:]*):\d{1,5}$/.exec(text) ?? []
  const [address = ''] = (inBrackets ?? beforePort ?? text).split('%')
  return isIP(address) === 0 ? undefined : address
}

function compile(trusted: readonly string[]): (address: string, hop: number) => boolean {
  try {
    return proxyAddr.compile([...trusted])
  } catch (cause) {
    throw new ServerError(
      'bad-config',
      `trusted proxies: ${trusted.join(', ')} is not a list of addresses or ranges`,
      { cause },
    )
  }
}
