import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateHost, publicAddress } from '@peerpress/wire/public-address'
import { PublisherError } from './publisher-error.ts'

/** Resolves a name to all its addresses, as `dns.lookup` with `all`. */
export type ResolveAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Refuses a URL whose host is written as a non-public address or is this machine's name: no name is resolved for those.
 * @throws {PublisherError} `private-address`.
 */
export function refusePrivateHost(url: URL): void {
  if (isPrivateHost(url.hostname)) throw privateAddress()
}

/**
 * A lookup for the socket itself, so that the address that was judged is the one connected to: a name that
 * changes between a check and the connection (DNS rebinding) gains nothing.
 */
export function createGuardedLookup(resolveAll: ResolveAll = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolveAll(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '')
        return
      }
      const allowed = addresses.filter(({ address }) => publicAddress(address) !== null)
      const [first] = allowed
      if (first === undefined) callback(privateAddress(), '')
      else if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

function privateAddress(): PublisherError {
  return new PublisherError('private-address', 'the host has no public address')
}
