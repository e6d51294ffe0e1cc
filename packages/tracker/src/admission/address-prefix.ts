import ipaddr from 'ipaddr.js'
import { TrackerError } from '../tracker-error.ts'

/**
 * Returns the network of an address as a text: the first 24 bits of an IPv4 address, the first 48 of an IPv6 address.
 * An IPv4 address mapped into IPv6 counts as IPv4.
 *
 * A whole address would be too strict, because carrier-grade NAT and IPv6 privacy extensions change it between two
 * requests.
 * @throws {TrackerError} `bad-address`. Its message does not repeat the address.
 */
export function addressPrefix(address: string): string {
  const parsed = parse(address)
  const bytes = parsed.toByteArray().slice(0, parsed.kind() === 'ipv4' ? 3 : 6)
  return `${parsed.kind()} ${bytes.join('.')}`
}

/**
 * Returns an address in one spelling. An IPv4 address mapped into IPv6 counts as IPv4.
 * @throws {TrackerError} `bad-address`. Its message does not repeat the address.
 */
export function wholeAddress(address: string): string {
  return parse(address).toByteArray().join('.')
}

/** Returns the network of any text. All texts that are not addresses count as one network. */
export function networkOf(address: string): string {
  try {
    return addressPrefix(address)
  } catch {
    return ''
  }
}

function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 {
  try {
    return ipaddr.process(address)
  } catch {
    throw new TrackerError('bad-address', 'not an IP address')
  }
}
