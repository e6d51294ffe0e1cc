/** Host name of a referring page; null when there is none, or when it is no host (as with an app's referrer). */
export function referrerHost(referrer: string): string | null {
  if (!/^https?:/.test(referrer)) return null
  const { hostname } = new URL(referrer)
  return /^[a-z0-9.:[\]_-]{1,253}$/.test(hostname) ? hostname : null
}
