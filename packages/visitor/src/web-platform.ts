import type { Platform } from '@peerpress/peer'

/** The browser's clock, hashing and network, for page and worker. */
export const webPlatform: Platform = {
  now: () => performance.now(),
  random: () => Math.random(),
  setTimer(callback, ms) {
    const timer = setTimeout(callback, ms)
    return () => clearTimeout(timer)
  },
  subtle: crypto.subtle,
  // The worker handles requests of the default cache mode only, so this request does not come back as a demand.
  fetchRange: (url, Range, signal) => fetch(url, { headers: { Range }, cache: 'no-store', signal }),
  openSocket: (url) => new WebSocket(url),
}
