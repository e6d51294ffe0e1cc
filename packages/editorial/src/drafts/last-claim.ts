import { limits } from './draft-content.ts'

/** Characters of a claim that its progress shows. */
const shownLength = 300

/** Characters from the end of an answer in which its last claim is: each of a claim may be written as six (`\\u0041`). */
export const unreadLength = 6 * limits.claim + 100

/** A string of JSON after the key that each claim has, and nothing else in a draft. */
const claimText = /"text"\s*:\s*("(?:[^"\\]|\\.)*")/gu

/** Returns the last claim that is whole in a part of a model's answer; null if there is none. It need not be valid JSON. */
export function lastClaim(answer: string): string | null {
  const found = [...answer.matchAll(claimText)].at(-1)?.[1]
  if (found === undefined) return null
  try {
    const text = String(JSON.parse(found)).replace(/\s+/gu, ' ').trim()
    return text.length > shownLength ? `${text.slice(0, shownLength - 1)}…` : text
  } catch {
    return null
  }
}
