import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPrivateHost, publicAddress } from '@peerpress/wire/public-address'
import { Agent, buildConnector, fetch as fetchWith } from 'undici'

/** The part of `fetch` that a seed uses. */
export type Fetch = (
  url: string,
  init?: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal },
) => Promise<Response>

/**
 * Creates a fetch that connects to public addresses alone: addresses of pages and media come from other sites, and this machine's
 * network is not theirs to request. The check is made at each connection, also after redirects, with the address that is
 * connected to. `trusted`: an origin that may have any address.
 */
export function createGuardedFetch(trusted: string): Fetch {
  const connect = buildConnector({ lookup: publicLookup, timeout: 10_000 })
  const dispatcher = new Agent({
    connect: (options, callback) => {
      if (isPrivateHost(options.hostname)) callback(new Error('the host has no public address'), null)
      else connect(options, callback)
    },
  })
  return async (url, init) => {
    if (URL.canParse(url) && new URL(url).origin === trusted)
      return fetch(url, { ...init, redirect: 'error' })
    // The package's class is the platform's, with types of its own.
    const response: unknown = await fetchWith(url, { ...init, dispatcher })
    return response as Response
  }
}

const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const allowed = error === null ? addresses.filter(({ address }) => publicAddress(address) !== null) : []
    const [first] = allowed
    if (error !== null) callback(error, '')
    else if (first === undefined) callback(new Error('the host has no public address'), '')
    else if (options.all === true) callback(null, allowed)
    else callback(null, first.address, first.family)
  })
}
