import type { Manifest } from '@peerpress/wire'

/**
 * Whether this browser has seen a newer manifest of the post; otherwise this one is remembered from now on. Where
 * storage is switched off nothing is remembered.
 */
export function remembersNewer({ site, post, version }: Manifest): boolean {
  const key = `peerpress:visit:${site}/${post}`
  try {
    if (Number(localStorage.getItem(key)) > version) return true
    localStorage.setItem(key, `${version}`)
  } catch {
    // A browser that keeps nothing cannot be rolled back by what it kept.
  }
  return false
}
