import { runOnce } from 'web-vitals/lib/runOnce.js'

/** Calls back when the browser has time, after a second at the latest, and at once when the page is hidden. */
export function whenIdleOrHidden(callback: () => void): void {
  const call = runOnce(() => {
    removeEventListener('visibilitychange', call, true)
    callback()
  })
  if (document.visibilityState === 'hidden') call()
  else {
    addEventListener('visibilitychange', call, true)
    // Where there is only the timer, it comes at once: what is no number of ms is none.
    ;(window.requestIdleCallback ?? setTimeout)(call, { timeout: 1000 })
  }
}
