import type { Crowd } from './crowd.ts'
import { maxLinks } from './crowd.ts'

const goldenRatio = (Math.sqrt(5) - 1) / 2

/**
 * The first chunk from a peer's own place on that it neither has nor awaits and, unless `held` is true, none of its
 * peers can give; -1 when there is none. Places are as far apart as in the engine.
 */
export function firstLacking(
  crowd: Crowd,
  peer: number,
  { rank, held }: { rank: number; held: boolean },
): number {
  const { chunks, words, claimed } = crowd
  const start = Math.floor(((rank * goldenRatio) % 1) * chunks)
  for (let i = 0; i < chunks; i++) {
    const chunk = (start + i) % chunks
    const word = chunk >> 5
    const bit = 1 << (chunk & 31)
    if (((claimed[peer * words + word] as number) & bit) !== 0) continue
    if (held || !isHeldNear(crowd, peer, { word, bit })) return chunk
  }
  return -1
}

function isHeldNear(
  { words, have, links }: Crowd,
  peer: number,
  { word, bit }: { readonly word: number; readonly bit: number },
): boolean {
  for (let link = peer * maxLinks; link < (peer + 1) * maxLinks; link++) {
    const other = links[link] as number
    if (other >= 0 && ((have[other * words + word] as number) & bit) !== 0) return true
  }
  return false
}
