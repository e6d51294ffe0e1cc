import { crc32, deflateSync } from 'node:zlib'
import { createHash } from 'node:crypto'

/** A PNG of `side` × `side` pixels of noise, about 3 × side² bytes; the same for the same `name`. */
export function noisePng(name: string, side: number): Buffer {
  const rows = Buffer.alloc(side * (1 + 3 * side))
  let block = createHash('sha256').update(name).digest()
  for (let row = 0; row < side; row++) {
    for (let i = 1; i <= 3 * side; i++) {
      if ((i & 31) === 1) block = createHash('sha256').update(block).digest()
      rows[row * (1 + 3 * side) + i] = block[i & 31] ?? 0
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  // 8 bits a sample, RGB.
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const data = deflateSync(rows, { level: 0 })
  return Buffer.concat([signature, part('IHDR', header), part('IDAT', data), part('IEND', Buffer.alloc(0))])
}

function part(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const bytes = Buffer.alloc(body.length + 8)
  bytes.writeUInt32BE(data.length, 0)
  bytes.set(body, 4)
  bytes.writeUInt32BE(crc32(body), body.length + 4)
  return bytes
}
