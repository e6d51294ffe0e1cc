/**
 * Returns a network prefix of the tracker, such as `ipv4 192.0.2`, in CIDR notation (RFC 4632, RFC 4291 section 2.3); any other
 * text as it is.
 */
export function shownNetwork(prefix: string): string {
  const [, family, numbers = ''] = /^(ipv4|ipv6) ([\d.]+)$/.exec(prefix) ?? []
  const bytes = numbers.split('.').map(Number)
  if (family === 'ipv4') return `${[...bytes, 0, 0, 0].slice(0, 4).join('.')}/${bytes.length * 8}`
  if (family !== 'ipv6') return prefix
  const groups = Array.from({ length: Math.ceil(bytes.length / 2) }, (_, index) =>
    ((bytes[index * 2] ?? 0) * 256 + (bytes[index * 2 + 1] ?? 0)).toString(16),
  )
  return `${groups.join(':')}::/${bytes.length * 8}`
}
