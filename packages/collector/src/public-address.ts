import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The address in its shortest form, an IPv4 one as such; null unless it is somebody's on the internet. */
export function publicAddress(address: string): string | null {
  if (isIP(address) === 0) return null
  const plain = ipaddr.process(address)
  return plain.range() === 'unicast' ? plain.toString() : null
}
