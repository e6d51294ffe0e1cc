import ipaddr from 'ipaddr.js'

/**
 * Returns the address in its shortest form if it belongs to the public internet. Returns null for every other address
 * and for text that is not an address. An IPv4 address mapped into IPv6 (`::ffff:192.0.2.1`) is checked and returned as
 * IPv4.
 *
 * IPv6 is public only inside 2000::/3, the one block that IANA allocates for global unicast. Older forms that embed an
 * IPv4 address are outside of it or in one of its special ranges: IPv4-compatible (::/96), NAT64 (64:ff9b::/96), 6to4
 * (2002::/16), Teredo (2001::/32).
 */
export function publicAddress(address: string): string | null {
  if (address.length > maxAddressLength || !ipaddr.isValid(address) || isAmbiguous(address)) return null
  const plain = ipaddr.process(address)
  if (plain.range() !== 'unicast') return null
  const isGlobal = plain instanceof ipaddr.IPv4 || plain.match(globalUnicast)
  return isGlobal ? plain.toString() : null
}

/**
 * Returns whether the host of a URL is written as a non-public address or names this machine (RFC 6761). It does not
 * resolve names: resolve the name and pass the address to {@link publicAddress}. `hostname` has the form of
 * `URL.hostname`, with IPv6 in brackets.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  return ipaddr.isValid(host) && publicAddress(host) === null
}

/** Maximum length of an IPv6 address with an IPv4 part: 45 characters (`INET6_ADDRSTRLEN`, without a zone). */
const maxAddressLength = 45

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Returns whether URL parsers, sockets and databases read the text differently: `127.1`, `0x7f.1`, `2130706433`, and
 * IPv6 with a dotted end. Of the dotted IPv6 forms only the mapped one is accepted, because ipaddr.js wrongly reads
 * `::192.0.2.1` as mapped.
 */
function isAmbiguous(address: string): boolean {
  if (address.includes(':')) return address.includes('.') && !/^::ffff:/i.test(address)
  return !ipaddr.IPv4.isValidFourPartDecimal(address)
}
