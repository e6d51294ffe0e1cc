import ipaddr from 'ipaddr.js'

/** The value of a record. */
export type MmdbValue = string | number | readonly MmdbValue[] | { readonly [name: string]: MmdbValue }

/** Numbers of the types in a control byte (MaxMind DB file format 2.0). */
const types = { string: 2, uint16: 5, uint32: 6, map: 7, uint64: 9, array: 11 } as const

/** Makes an MMDB file with a record for each of these networks, in CIDR notation. No network may contain another. */
export function mmdbFile(records: Readonly<Record<string, MmdbValue>>): Buffer {
  const nodes: [Branch, Branch][] = [[null, null]]
  const data: Buffer[] = []
  let dataLength = 0
  for (const [network, value] of Object.entries(records)) {
    const bytes = encode(value)
    addBranch(nodes, bitsOf(network), { offset: dataLength })
    data.push(bytes)
    dataLength += bytes.length
  }
  const tree = Buffer.alloc(nodes.length * 8)
  for (const [index, branches] of nodes.entries())
    for (const [side, branch] of branches.entries())
      tree.writeUInt32BE(pointer(branch, nodes.length), index * 8 + side * 4)
  const metadata = encodeMap({
    binary_format_major_version: unsigned('uint16', 2),
    binary_format_minor_version: unsigned('uint16', 0),
    build_epoch: unsigned('uint64', 1_772_000_000),
    database_type: encode('Test'),
    description: encode({ en: 'Made by a test' }),
    ip_version: unsigned('uint16', 6),
    languages: encode(['en']),
    node_count: unsigned('uint32', nodes.length),
    record_size: unsigned('uint16', 32),
  })
  const marker = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
  return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata])
}

/** A node's number, a record's offset in the data, or nothing. */
type Branch = number | { readonly offset: number } | null

/** Returns the bits of a network. IPv4 networks are below ::/96 in the IPv6 tree. */
function bitsOf(network: string): number[] {
  const [address, length] = ipaddr.parseCIDR(network)
  const bytes = address.toByteArray()
  const bits = bytes.flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1))
  const above = address.kind() === 'ipv4' ? Array.from({ length: 96 }, () => 0) : []
  return [...above, ...bits.slice(0, length)]
}

function addBranch(nodes: [Branch, Branch][], bits: readonly number[], record: Branch): void {
  let node = 0
  for (const [depth, bit] of bits.entries()) {
    const side = bit as 0 | 1
    const branches = nodes[node] as [Branch, Branch]
    if (depth === bits.length - 1) {
      branches[side] = record
      return
    }
    if (typeof branches[side] !== 'number') branches[side] = nodes.push([null, null]) - 1
    node = branches[side]
  }
}

function pointer(branch: Branch, nodeCount: number): number {
  if (branch === null) return nodeCount
  return typeof branch === 'number' ? branch : nodeCount + 16 + branch.offset
}

function encode(value: MmdbValue): Buffer {
  if (typeof value === 'string')
    return Buffer.concat([control(types.string, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') return unsigned('uint32', value)
  if (Array.isArray(value)) return Buffer.concat([control(types.array, value.length), ...value.map(encode)])
  return encodeMap(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encode(item)])))
}

function encodeMap(items: Readonly<Record<string, Buffer>>): Buffer {
  const entries = Object.entries(items)
  return Buffer.concat([
    control(types.map, entries.length),
    ...entries.flatMap(([name, item]) => [encode(name), item]),
  ])
}

function unsigned(type: 'uint16' | 'uint32' | 'uint64', value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  const size = { uint16: 2, uint32: 4, uint64: 8 }[type]
  return Buffer.concat([control(types[type], size), bytes.subarray(8 - size)])
}

/** Encodes a control byte. Types above 7, and sizes from 29 to 284, have a further byte. */
function control(type: number, size: number): Buffer {
  const head = (type <= 7 ? type << 5 : 0) | Math.min(size, 29)
  return Buffer.from([head, ...(type > 7 ? [type - 7] : []), ...(size >= 29 ? [size - 29] : [])])
}
