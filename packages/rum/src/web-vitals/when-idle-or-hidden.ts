import { runOnce } from 'web-vitals/lib/runOnce.js'

/** Calls back when the browser is idle, after a second at the latest, and at once when the page is hidden. */
export function whenIdleOrHidden(callback: () => void): void {
  const call = runOnce(() => {
    removeEventListener('visibilitychange', call, true)
    callback()
  })
  if (document.visibilityState === 'hidden') call()
  else {
    addEventListener('visibilitychange', call, true)
    // Without `requestIdleCallback`, the timer fires at once, because its delay is not a number.
    ;(window.requestIdleCallback ?? setTimeout)(call, { timeout: 1000 })
  }
}
