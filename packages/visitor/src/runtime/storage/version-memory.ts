import type { Manifest } from '@peerpress/wire'

/**
 * Returns whether this browser has seen a newer manifest of the post; otherwise remembers this one. If storage is disabled,
 * nothing is remembered.
 */
export function remembersNewer({ site, post, version }: Manifest): boolean {
  const key = `peerpress:visit:${site}/${post}`
  try {
    if (Number(localStorage.getItem(key)) > version) return true
    localStorage.setItem(key, `${version}`)
  } catch {
    // Without storage there is nothing to compare with.
  }
  return false
}
