import type { Crowd } from './crowd.ts'
import { maxLinks } from './crowd.ts'

/** As in the engine: peers that are company enough, how long one may take to offer anything, partings at a time. */
const enough = 10
const graceMs = 5000
const maxPartings = 4

/**
 * What a look around comes to: peers to part with, introductions to ask for, and how many peers are company enough. Null
 * when nothing is lacking.
 */
export function lookAround(
  crowd: Crowd,
  peer: number,
  now: number,
): { readonly part: readonly number[]; readonly connect: number; readonly welcome: number } | null {
  if (crowd.isDone(peer)) return { part: alsoDone(crowd, peer), connect: 0, welcome: 0 }
  const idle: number[] = []
  for (let link = peer * maxLinks; link < (peer + 1) * maxLinks; link++) {
    const other = crowd.links[link] as number
    if (other < 0 || crowd.offers(other)) continue
    if (now >= (crowd.linkedAt[link] as number) + graceMs) idle.push(link)
  }
  const degree = crowd.degree[peer] as number
  const welcome = degree - idle.length
  const lacking = enough - welcome
  if (lacking <= 0) return null
  const partings = Math.max(0, Math.min(maxPartings, lacking, degree + lacking - maxLinks))
  const longest = idle.toSorted((a, b) => (crowd.linkedAt[a] as number) - (crowd.linkedAt[b] as number))
  const part = longest.slice(0, partings).map((link) => crowd.links[link] as number)
  return { part, connect: Math.min(lacking, maxLinks - degree + part.length), welcome }
}

/** Whoever has everything, and says so. */
function alsoDone(crowd: Crowd, peer: number): readonly number[] {
  const links = crowd.links.subarray(peer * maxLinks, (peer + 1) * maxLinks)
  return Array.from(links).filter((other) => other >= 0 && crowd.isDone(other) && crowd.offers(other))
}
