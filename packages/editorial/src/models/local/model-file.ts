import { open } from 'node:fs/promises'

/** Whether a name stays in its folder. */
export function isFileName(name: string): boolean {
  return name.length <= 200 && /^[\w][\w.-]*\.gguf$/.test(name)
}

/** Tensors, and entries of metadata, of one file at most. The runtime would read on and on in a damaged file. */
const maxEntries = 100_000n

/** Whether a file begins as GGUF 2 or 3: magic, version, and believable numbers of tensors and of entries of metadata. */
export async function beginsAsModel(path: string): Promise<boolean> {
  await using file = await open(path)
  const head = Buffer.alloc(24)
  const { bytesRead } = await file.read(head, 0, head.length, 0)
  if (bytesRead < head.length || head.toString('latin1', 0, 4) !== 'GGUF') return false
  const isKnown = [2, 3].includes(head.readUInt32LE(4))
  return isKnown && head.readBigUInt64LE(8) <= maxEntries && head.readBigUInt64LE(16) <= maxEntries
}
