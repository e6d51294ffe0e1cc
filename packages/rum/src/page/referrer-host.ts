/** Returns the host name of a referring page; null if there is none or it has no host (such as an app's referrer). */
export function referrerHost(referrer: string): string | null {
  if (!/^https?:/.test(referrer)) return null
  const { hostname } = new URL(referrer)
  return /^[a-z0-9.:[\]_-]{1,253}$/.test(hostname) ? hostname : null
}
