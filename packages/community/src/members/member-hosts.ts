import { isPrivateHost } from '@peerpress/wire/public-address'
import { parse } from 'tldts'
import { CommunityError } from '../community-error.ts'

/** The hosts whose owner a site may prove to be. */
export interface MemberHosts {
  /** The registrable domain: one label below a suffix of the Public Suffix List, private suffixes included. */
  readonly domain: string
  /** The host of the site's home URL: the domain, or a name below it. */
  readonly host: string
}

/**
 * Returns the registrable domain and the host of a site's home URL, in lower case, with international labels in punycode.
 * @throws {CommunityError} `not-a-domain` for an address or a bare suffix; `private-domain` for a name that the internet does not
 * have, unless the operator allowed private addresses for the site
 */
export function memberHosts(homeUrl: string, allowsPrivate: boolean): MemberHosts {
  const { hostname } = new URL(homeUrl)
  const host = hostname.replace(/\.$/, '')
  const { domain, isIp, isIcann, isPrivate } = parse(host, { allowPrivateDomains: true })
  if (domain === null || isIp === true) {
    throw new CommunityError(
      'not-a-domain',
      `${host} is no registrable domain. Give the site a domain name of its own to join.`,
    )
  }
  const isPublic = (isIcann === true || isPrivate === true) && !isPrivateHost(host)
  if (!isPublic && !allowsPrivate) {
    throw new CommunityError(
      'private-domain',
      `${host} is a name that only a private network knows. The community is for public sites.`,
    )
  }
  return { domain, host }
}

/** Returns the registrable domain of a member site: the site itself, or the domain above its host. */
export function domainOf(member: string): string {
  return parse(member, { allowPrivateDomains: true }).domain ?? member
}
