import type { LookupFunction } from 'node:net'
import { createGuardedLookup, createOpenLookup, type ResolveAll } from '@peerpress/publisher'
import { isPrivateHost } from '@peerpress/wire/public-address'
import { ProbeFailed } from './probe-failure.ts'

/** Which hosts a probe may connect to. Hosts with public addresses are always allowed. */
export interface AddressPolicy {
  /** Returns whether this host may have a private address. `host` has the form of `URL.hostname`. */
  readonly mayBePrivate: (host: string, port: number) => boolean
  /** Resolves names. */
  readonly resolveAll: ResolveAll
}

/** Lets hosts of these origins have private addresses. */
export function privateOrigins(origins: readonly string[]): AddressPolicy['mayBePrivate'] {
  const places = new Set(origins.map((origin) => placeOf(new URL(origin))))
  return (host, port) => places.has(`${host}:${port}`)
}

/** Returns the port that a URL connects to. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

function placeOf(url: URL): string {
  return `${url.hostname}:${portOf(url)}`
}

/**
 * Returns the lookup for a connection to a host. It checks the address that the socket then connects to, so a name that
 * changes between a check and the connection gains nothing.
 * @throws {ProbeFailed} `private-address` for a host that needs no lookup
 */
export function lookupFor(policy: AddressPolicy, host: string, port: number): LookupFunction {
  if (policy.mayBePrivate(host, port)) return createOpenLookup(policy.resolveAll)
  if (isPrivateHost(host)) throw privateAddress(host)
  return createGuardedLookup(policy.resolveAll)
}

/** Returns the failure of a connection to an address that is not public. */
export function privateAddress(host: string): ProbeFailed {
  return new ProbeFailed(
    'private-address',
    `${host} has no public address. Probes reach private addresses only on origins of a site that may have them.`,
  )
}
