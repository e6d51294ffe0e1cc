import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateHost, publicAddress } from '@peerpress/wire/public-address'
import { PublisherError } from '../publisher-error.ts'

/** Resolves a name to all its addresses, like `dns.lookup` with `all`. */
export type ResolveAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Refuses a URL whose host is a literal non-public address or a name of this machine. Such hosts need no name
 * resolution.
 * @throws {PublisherError} `private-address`.
 */
export function refusePrivateHost(url: URL): void {
  if (isPrivateHost(url.hostname)) throw privateAddress()
}

/**
 * Creates a lookup for the socket itself, so that the checked address is the one that is connected to. A name that
 * changes between a check and the connection (DNS rebinding) is useless.
 */
export function createGuardedLookup(resolveAll: ResolveAll = systemLookup): LookupFunction {
  return lookupOf(resolveAll, ({ address }) => publicAddress(address) !== null)
}

/** Creates a lookup that accepts every address. */
export function createOpenLookup(resolveAll: ResolveAll = systemLookup): LookupFunction {
  return lookupOf(resolveAll, () => true)
}

/**
 * Resolves a name once for all requests that wait for it. The system's resolver occupies one of the process's four I/O
 * threads until it responds, even after the request was cancelled. A slow name server would otherwise block all threads
 * for files and beacons.
 */
export function sharingLookups(resolveAll: ResolveAll = systemLookup): ResolveAll {
  const pending = new Map<string, Parameters<ResolveAll>[2][]>()
  return (hostname, options, callback) => {
    const key = JSON.stringify([hostname, options.family, options.hints, options.order])
    const others = pending.get(key)
    if (others !== undefined) {
      others.push(callback)
      return
    }
    const callbacks = [callback]
    pending.set(key, callbacks)
    resolveAll(hostname, options, (error, addresses) => {
      pending.delete(key)
      for (const each of callbacks) each(error, addresses)
    })
  }
}

function lookupOf(resolveAll: ResolveAll, isAllowed: (address: LookupAddress) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolveAll(hostname, { ...options, all: true }, (error, addresses) => {
      const allowed = error === null ? addresses.filter(isAllowed) : []
      const [first] = allowed
      if (error !== null) callback(error, '')
      else if (addresses.length === 0) callback(new Error('the host has no address'), '')
      else if (first === undefined) callback(privateAddress(), '')
      else if (options.all === true) callback(null, allowed)
      else callback(null, first.address, first.family)
    })
  }
}

function privateAddress(): PublisherError {
  return new PublisherError('private-address', 'the host has no public address')
}
