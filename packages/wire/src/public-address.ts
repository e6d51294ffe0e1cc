import ipaddr from 'ipaddr.js'

/**
 * The address in its shortest form when it belongs to the public internet; null for every other address and for text
 * that is no address. An IPv4 address mapped into IPv6 (`::ffff:192.0.2.1`) is judged and returned as IPv4.
 *
 * IPv6 is public only inside 2000::/3, the one block that IANA allocates for global unicast. Every older form that
 * embeds an IPv4 address lies outside of it or is one of its special ranges: IPv4-compatible (::/96), NAT64
 * (64:ff9b::/96), 6to4 (2002::/16), Teredo (2001::/32).
 */
export function publicAddress(address: string): string | null {
  if (address.length > maxAddressLength || !ipaddr.isValid(address) || isAmbiguous(address)) return null
  const plain = ipaddr.process(address)
  if (plain.range() !== 'unicast') return null
  const isGlobal = plain instanceof ipaddr.IPv4 || plain.match(globalUnicast)
  return isGlobal ? plain.toString() : null
}

/**
 * Whether the host of a URL is written as a non-public address or names this machine (RFC 6761). A name that resolves
 * to such an address is not detected: resolve it and pass the address to {@link publicAddress}.
 * `hostname`: as `URL.hostname` returns it, IPv6 in brackets.
 */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  const name = host.endsWith('.') ? host.slice(0, -1) : host
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  return ipaddr.isValid(host) && publicAddress(host) === null
}

/** The longest text of an IPv6 address, with an IPv4 part: 45 characters (`INET6_ADDRSTRLEN`, without a zone). */
const maxAddressLength = 45

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Texts that URL parsers, sockets and databases read differently: `127.1`, `0x7f.1`, `2130706433`, and IPv6 with a dotted
 * end. Of these only the mapped form is accepted: ipaddr.js reads `::192.0.2.1` as mapped, which it is not.
 */
function isAmbiguous(address: string): boolean {
  if (address.includes(':')) return address.includes('.') && !/^::ffff:/i.test(address)
  return !ipaddr.IPv4.isValidFourPartDecimal(address)
}
